#include "writer.h"

#include <string.h>

#include "answering.h"

static void put_kept(struct shim_text *text, const struct shim_answer *answer)
{
    if (answer != NULL && answer->done)
        shim_text_bytes(text, answer->text, answer->length);
}

static void put_answer(struct shim *shim, struct shim_text *text, const struct shim_outgoing *outgoing)
{
    if (outgoing->what == SHIM_SEND_ERROR)
        shim_error_json(text, outgoing->id, outgoing->error, outgoing->data, outgoing->data == NULL ? 0 : strlen(outgoing->data));
    else if (outgoing->what == SHIM_SEND_HELLO)
        put_kept(text, &shim->answers.hello);
    else
        put_kept(text, shim_answers_find(&shim->answers, outgoing->id));
}

/* The answers of a batch stand in the outbox together. */
static void put_answers(struct shim *shim, struct shim_text *text)
{
    struct shim_outgoing outgoing;
    bool is_first = true;
    while (shim_outbox_take(&shim->answers, &outgoing)) {
        if (outgoing.in_batch)
            shim_text_char(text, is_first ? '[' : ',');
        put_answer(shim, text, &outgoing);
        is_first = false;
        if (outgoing.in_batch && outgoing.closes)
            shim_text_char(text, ']');
        if (!outgoing.in_batch || outgoing.closes)
            return;
    }
}

/* Bytes that close an events message. */
#define EVENTS_END 3

static void put_events(struct shim *shim, struct shim_text *text)
{
    size_t count = shim->session.is_open ? shim_ring_peek(&shim->events) : 0;
    if (count == 0)
        return;
    shim_text_raw(text, "{\"jsonrpc\":\"2.0\",\"method\":\"events\",\"params\":{\"session\":");
    shim_text_uint(text, shim->session.number);
    shim_text_raw(text, ",\"events\":");
    char separator = '[';
    while (count > 0 && text->room - text->used >= SHIM_EVENT_JSON(count) + EVENTS_END + SHIM_LINE_TAIL) {
        uint8_t record[SHIM_EVENT_BYTES];
        struct shim_event event;
        uint32_t seq = shim_ring_take(&shim->events, record);
        shim_event_read(&event, record);
        shim_text_char(text, separator);
        shim_event_json(text, &event, seq);
        separator = ',';
        count = shim_ring_peek(&shim->events);
    }
    shim_text_raw(text, "]}}");
}

bool shim_compose(struct shim *shim, struct shim_text *text)
{
    text->used = 0;
    text->overflow = false;
    shim_lock(shim);
    /* An answer that is no longer kept leaves nothing to send: the next one is looked at. */
    while (text->used == 0 && shim_outbox_count(&shim->answers) > 0)
        put_answers(shim, text);
    if (text->used == 0)
        put_events(shim, text);
    if (text->used == 0)
        shim->is_writer_told = false;
    shim_unlock(shim);
    if (text->used == 0)
        return false;
    shim_line_seal(text, 0);
    return true;
}
