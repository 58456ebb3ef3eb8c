#include "at_tunnel.h"

#include <string.h>

#include "core/at.h"
#include "dispatch.h"
#include "log.h"
#include "ql_api_virt_at.h"

/* The highest: applications begin with the lowest. */
#define PORT QL_VIRT_AT_PORT_9

static void on_indication(uint32 ind_type, uint32 size)
{
    (void)ind_type;
    (void)size;
    ql_rtos_semaphore_release(shim_the.at.received);
}

bool shim_at_open(struct shim *shim)
{
    shim->at.is_there = ql_virt_at_open(PORT, on_indication) == 0;
    return shim->at.is_there;
}

/* Under the lock. */
static void report(struct shim *shim, const char *line, size_t length, bool done)
{
    struct shim_event event = {
        .kind = SHIM_EVENT_AT,
        .slot = -1,
        .as.at = {.request = shim->at.id, .done = done},
        .text = shim_digest_text(line, length, SHIM_AT_LINE_KEPT),
        .more = shim_digest_none(),
    };
    shim_log_or_lose(shim, &event, 0, SHIM_LOSS_AT);
    if (done)
        shim->at.is_busy = false;
}

static void take_line(struct shim *shim, const char *line, size_t length)
{
    /* An echoed command ends in the CR that it was sent with. */
    while (length > 0 && line[length - 1] == '\r')
        length--;
    shim_lock(shim);
    /* What comes when nobody asked is an unsolicited code; what a former session asked for concerns nobody any more. */
    if (length > 0 && shim->at.is_busy && shim->at.session == shim->session.number)
        report(shim, line, length, shim_at_final(line, length));
    shim_unlock(shim);
}

static void take_bytes(struct shim *shim, const char *bytes, size_t count)
{
    while (count > 0) {
        size_t taken;
        enum shim_line_state state = shim_line_push(&shim->at.line, bytes, count, &taken);
        bytes += taken;
        count -= taken;
        if (state == SHIM_LINE_WHOLE)
            take_line(shim, shim->at.line.at, shim->at.line.used);
    }
}

static void expire(struct shim *shim)
{
    shim_lock(shim);
    bool is_old = shim->at.session != shim->session.number;
    bool is_over = shim->at.is_busy && ql_rtos_up_time_ms() >= shim->at.deadline_ms;
    if (shim->at.is_busy && is_old)
        shim->at.is_busy = false;
    else if (is_over)
        report(shim, "", 0, true);
    shim_unlock(shim);
}

void shim_at_step(struct shim *shim, uint32_t wait_ms)
{
    unsigned char bytes[128];
    int count = shim->at.is_there ? ql_virt_at_read(PORT, bytes, sizeof bytes) : 0;
    if (count > 0)
        take_bytes(shim, (const char *)bytes, (size_t)count);
    else
        ql_rtos_semaphore_wait(shim->at.received, wait_ms);
    expire(shim);
}

struct at_send {
    int64_t link;
    int command;
    int64_t timeout_ms;
};

static const struct shim_member send_members[] = {
    SHIM_LINK_MEMBER(struct at_send),
    {"command", SHIM_MEMBER_TEXT, true, offsetof(struct at_send, command), 0, 0},
    {"timeoutMs", SHIM_MEMBER_INT, true, offsetof(struct at_send, timeout_ms), 1, 300000},
};

enum shim_error handle_at_send(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct at_send send;
    char command[SHIM_AT_LINE_KEPT];
    if (shim_take_params(request, SHIM_MEMBERS(send_members), &send) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    if (!shim_json_string_get(request->json, send.command, command, sizeof command - 1) || !shim_at_allowed(command))
        return shim_misfit(request, "command");
    if (!shim->at.is_there)
        return SHIM_ERROR_UNSUPPORTED;
    shim_lock(shim);
    bool was_busy = shim->at.is_busy;
    if (!was_busy) {
        shim->at.is_busy = true;
        shim->at.id = request->id;
        shim->at.session = shim->session.number;
        shim->at.deadline_ms = ql_rtos_up_time_ms() + send.timeout_ms;
    }
    shim_unlock(shim);
    if (was_busy)
        return SHIM_ERROR_BUSY;
    size_t length = strlen(command);
    command[length] = '\r';
    ql_virt_at_write(PORT, (unsigned char *)command, (unsigned)length + 1);
    shim_text_raw(result, "{\"accepted\":");
    shim_text_uint(result, request->id);
    shim_text_char(result, '}');
    return SHIM_OK;
}
