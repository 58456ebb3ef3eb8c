#include "start.h"

#include <stdlib.h>
#include <string.h>

static bool create_objects(struct shim *shim)
{
    bool created = ql_rtos_mutex_create(&shim->lock) == 0 && ql_rtos_semaphore_create(&shim->written, 0) == 0 &&
                   ql_rtos_semaphore_create(&shim->job_work, 0) == 0 &&
                   ql_rtos_semaphore_create(&shim->at.received, 0) == 0;
    for (unsigned i = 0; i < SHIM_SLOTS; i++)
        created = created && ql_rtos_semaphore_create(&shim->slots[i].work, 0) == 0;
    return created;
}

bool shim_init(struct shim *shim, struct shim_memory *memory)
{
    memset(shim, 0, sizeof *shim);
    shim_arena_init(&shim->arena, memory->arena, sizeof memory->arena);
    shim_captures_init(&shim->captures, memory->captures, sizeof memory->captures);
    shim_ring_init(&shim->events, memory->events, sizeof memory->events);
    shim_answers_init(&shim->answers, memory->answers);
    /* The LF is not kept. */
    shim_line_init(&shim->line, memory->line_in, sizeof memory->line_in - 1);
    shim_line_init(&shim->at.line, memory->line_at, sizeof memory->line_at);
    shim_text_init(&shim->line_out, memory->line_out, sizeof memory->line_out);
    shim->tokens = memory->tokens;
    shim->chunk = memory->chunk;
    shim->network.profile = 1;
    shim->reserved_reset = shim_event_cost(SHIM_EVENT_RESET, SHIM_WHY_KEPT);
    shim_ring_reserve(&shim->events, shim->reserved_reset);
    return create_objects(shim);
}

bool shim_start(struct shim *shim)
{
    struct shim_memory *memory = malloc(sizeof *memory);
    return memory != NULL && shim_init(shim, memory);
}
