#include "log.h"

#include <string.h>

uint32_t shim_log(struct shim *shim, struct shim_event *event, size_t reserved)
{
    if (!shim->session.is_open) {
        shim_ring_release(&shim->events, reserved);
        return 0;
    }
    event->t = ql_rtos_up_time_ms();
    event->task = shim_task_number(shim);
    uint32_t seq = shim_event_append(&shim->events, event, reserved);
    shim_wake_writer(shim);
    return seq;
}

void shim_log_losses(struct shim *shim)
{
    struct shim_event event = {.kind = SHIM_EVENT_LOST, .slot = -1};
    uint32_t any = 0;
    for (int i = 0; i < SHIM_LOSSES; i++)
        any |= shim->losses[i];
    memcpy(event.as.lost.counts, shim->losses, sizeof event.as.lost.counts);
    if (any != 0 && shim_log(shim, &event, 0) != 0)
        memset(shim->losses, 0, sizeof shim->losses);
}

static uint32_t log_beside(struct shim *shim, struct shim_event *event, size_t more)
{
    /* What was lost before is told before what follows it: its event is the smallest, so that no other finds room where it does not. */
    shim_log_losses(shim);
    if (!shim_ring_reserve(&shim->events, more))
        return 0;
    uint32_t seq = shim_log(shim, event, 0);
    if (seq == 0)
        shim_ring_release(&shim->events, more);
    return seq;
}

uint32_t shim_log_or_lose(struct shim *shim, struct shim_event *event, size_t more, unsigned loss)
{
    if (!shim->session.is_open)
        return 0;
    uint32_t seq = log_beside(shim, event, more);
    if (seq == 0)
        shim->losses[loss]++;
    return seq;
}
