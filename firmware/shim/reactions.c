#include "reactions.h"

#include "calls.h"

static bool is_armed(const struct shim_reaction *reaction)
{
    return reaction->number != 0 && reaction->fired < reaction->times;
}

unsigned shim_reactions_fire(struct shim *shim, int slot, enum shim_callback cb, struct shim_call *calls[SHIM_REACTION_CALLS])
{
    struct shim_reaction *oldest = NULL;
    for (unsigned i = 0; i < SHIM_REACTIONS; i++) {
        struct shim_reaction *reaction = &shim->reactions[i];
        bool fits = is_armed(reaction) && reaction->slot == slot && reaction->cb == cb;
        if (fits && (oldest == NULL || reaction->number < oldest->number))
            oldest = reaction;
    }
    if (oldest == NULL)
        return 0;
    unsigned from = (unsigned)oldest->fired * oldest->calls_each;
    for (unsigned i = 0; i < oldest->calls_each; i++) {
        calls[i] = oldest->calls[from + i];
        /* No longer one that waits: a new session must not drop it while the callback makes it. */
        calls[i]->state = SHIM_CALL_RUNNING;
        calls[i]->began_ms = ql_rtos_up_time_ms();
    }
    oldest->fired++;
    return oldest->calls_each;
}

struct shim_reaction *shim_reactions_claim(struct shim *shim)
{
    struct shim_reaction *spent = NULL;
    for (unsigned i = 0; i < SHIM_REACTIONS; i++) {
        struct shim_reaction *reaction = &shim->reactions[i];
        if (!is_armed(reaction) && (spent == NULL || reaction->number < spent->number))
            spent = reaction;
    }
    return spent;
}

struct shim_reaction *shim_reactions_find(struct shim *shim, uint32_t number)
{
    for (unsigned i = 0; i < SHIM_REACTIONS; i++)
        if (number != 0 && shim->reactions[i].number == number)
            return &shim->reactions[i];
    return NULL;
}

void shim_reactions_disarm(struct shim *shim, struct shim_reaction *reaction)
{
    for (unsigned i = (unsigned)reaction->fired * reaction->calls_each; i < (unsigned)reaction->times * reaction->calls_each; i++)
        shim_calls_drop(shim, reaction->calls[i]);
    reaction->times = reaction->fired;
}

void shim_reactions_clear(struct shim *shim)
{
    for (unsigned i = 0; i < SHIM_REACTIONS; i++)
        shim->reactions[i].number = 0;
}
