#include "reset.h"

#include <stddef.h>
#include <string.h>

#include "dispatch.h"
#include "log.h"

bool shim_reset_is_ready(struct shim *shim)
{
    shim_lock(shim);
    bool is_told = shim->events.first > shim->reset_event;
    bool is_ready = shim->is_reset_due && (is_told || ql_rtos_up_time_ms() >= shim->reset_deadline_ms);
    shim_unlock(shim);
    return is_ready;
}

struct reset {
    int64_t link;
    int why;
};

static const struct shim_member reset_members[] = {
    SHIM_LINK_MEMBER(struct reset),
    {"why", SHIM_MEMBER_TEXT, false, offsetof(struct reset, why), 0, 0},
};

enum shim_error handle_reset(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct reset reset = {.why = SHIM_ABSENT};
    char why[SHIM_WHY_KEPT + 1] = "";
    if (shim_take_params(request, SHIM_MEMBERS(reset_members), &reset) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    if (reset.why != SHIM_ABSENT && !shim_json_string_get(request->json, reset.why, why, sizeof why))
        return shim_misfit(request, "why");
    struct shim_event event = {
        .kind = SHIM_EVENT_RESET, .slot = -1, .text = shim_digest_text(why, strlen(why), SHIM_WHY_KEPT), .more = shim_digest_none()};
    shim_lock(shim);
    /* The first one has the room that was set aside for it at start. */
    uint32_t seq = shim_log(shim, &event, shim->reserved_reset);
    shim->reserved_reset = 0;
    shim->reset_event = seq == 0 ? shim->events.last : seq;
    shim->is_reset_due = true;
    shim->reset_deadline_ms = ql_rtos_up_time_ms() + SHIM_RESET_GRACE_MS;
    shim_unlock(shim);
    shim_text_raw(result, "{}");
    return SHIM_OK;
}
