#include "answers.h"

void shim_answers_init(struct shim_answers *answers, char *texts)
{
    for (size_t i = 0; i < SHIM_ANSWERS_KEPT; i++)
        answers->kept[i] = (struct shim_answer){.text = texts + i * SHIM_ANSWER_BYTES};
    answers->hello = (struct shim_answer){.text = texts + SHIM_ANSWERS_KEPT * SHIM_ANSWER_BYTES};
    shim_answers_clear(answers);
}

void shim_answers_clear(struct shim_answers *answers)
{
    for (size_t i = 0; i < SHIM_ANSWERS_KEPT; i++)
        answers->kept[i].id = 0;
    answers->floor = 0;
    shim_outbox_clear(answers);
}

void shim_outbox_clear(struct shim_answers *answers)
{
    answers->out_head = 0;
    answers->out_count = 0;
}

struct shim_answer *shim_answers_find(struct shim_answers *answers, uint32_t id)
{
    for (size_t i = 0; i < SHIM_ANSWERS_KEPT; i++)
        if (answers->kept[i].id == id)
            return &answers->kept[i];
    return NULL;
}

/* A free place, or that of the lowest id that is done: what is in progress must be recognised whenever it is asked for again. */
static struct shim_answer *make_room(struct shim_answers *answers)
{
    struct shim_answer *lowest = NULL;
    for (size_t i = 0; i < SHIM_ANSWERS_KEPT; i++) {
        struct shim_answer *kept = &answers->kept[i];
        if (kept->id == 0)
            return kept;
        if (kept->done && (lowest == NULL || kept->id < lowest->id))
            lowest = kept;
    }
    if (lowest != NULL && lowest->id > answers->floor)
        answers->floor = lowest->id;
    return lowest;
}

enum shim_seen shim_answers_begin(struct shim_answers *answers, uint32_t id, struct shim_answer **answer)
{
    *answer = shim_answers_find(answers, id);
    if (*answer != NULL)
        return (*answer)->done ? SHIM_SEEN_DONE : SHIM_SEEN_RUNNING;
    if (id <= answers->floor)
        return SHIM_SEEN_TOO_OLD;
    *answer = make_room(answers);
    if (*answer == NULL)
        return SHIM_SEEN_TOO_OLD;
    (*answer)->id = id;
    (*answer)->length = 0;
    (*answer)->done = false;
    return SHIM_SEEN_NEVER;
}

unsigned shim_outbox_count(const struct shim_answers *answers)
{
    return answers->out_count;
}

bool shim_outbox_put(struct shim_answers *answers, struct shim_outgoing outgoing)
{
    if (answers->out_count == SHIM_OUTBOX)
        return false;
    answers->outbox[(answers->out_head + answers->out_count++) % SHIM_OUTBOX] = outgoing;
    return true;
}

bool shim_outbox_take(struct shim_answers *answers, struct shim_outgoing *outgoing)
{
    if (answers->out_count == 0)
        return false;
    *outgoing = answers->outbox[answers->out_head];
    answers->out_head = (answers->out_head + 1) % SHIM_OUTBOX;
    answers->out_count--;
    return true;
}
