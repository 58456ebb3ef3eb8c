/* events.* and capture.read. */
#include <stddef.h>

#include "../dispatch.h"
#include "../log.h"

struct ack {
    int64_t link;
    int64_t up_to;
};

static const struct shim_member ack_members[] = {
    SHIM_LINK_MEMBER(struct ack),
    {"upTo", SHIM_MEMBER_INT, true, offsetof(struct ack, up_to), 0, UINT32_MAX},
};

enum shim_error handle_events_ack(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct ack ack;
    if (shim_take_params(request, SHIM_MEMBERS(ack_members), &ack) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    shim_lock(shim);
    bool is_known = ack.up_to <= shim->events.last;
    if (is_known) {
        shim_ring_acknowledge(&shim->events, (uint32_t)ack.up_to);
        shim_log_losses(shim);
    }
    uint32_t last = shim->events.last;
    shim_unlock(shim);
    if (!is_known)
        return shim_misfit(request, "upTo");
    shim_text_raw(result, "{\"last\":");
    shim_text_uint(result, last);
    shim_text_raw(result, ",\"noise\":");
    shim_text_uint(result, shim->noise);
    shim_text_char(result, '}');
    return SHIM_OK;
}

struct resend {
    int64_t link;
    int64_t from;
};

static const struct shim_member resend_members[] = {
    SHIM_LINK_MEMBER(struct resend),
    {"from", SHIM_MEMBER_INT, true, offsetof(struct resend, from), 1, UINT32_MAX},
};

enum shim_error handle_events_resend(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct resend resend;
    if (shim_take_params(request, SHIM_MEMBERS(resend_members), &resend) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    shim_lock(shim);
    uint32_t from = shim_ring_rewind(&shim->events, (uint32_t)resend.from);
    uint32_t last = shim->events.last;
    shim_wake_writer(shim);
    shim_unlock(shim);
    shim_text_raw(result, "{\"from\":");
    shim_text_uint(result, from);
    shim_text_raw(result, ",\"last\":");
    shim_text_uint(result, last);
    shim_text_char(result, '}');
    return SHIM_OK;
}

struct capture {
    int64_t link;
    int64_t capture;
    int64_t offset;
    int64_t length;
};

static const struct shim_member capture_members[] = {
    SHIM_LINK_MEMBER(struct capture),
    {"capture", SHIM_MEMBER_INT, true, offsetof(struct capture, capture), 1, UINT32_MAX},
    {"offset", SHIM_MEMBER_INT, true, offsetof(struct capture, offset), 0, UINT16_MAX},
    {"length", SHIM_MEMBER_INT, true, offsetof(struct capture, length), 0, SHIM_CHUNK_MAX},
};

enum shim_error handle_capture_read(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct capture capture;
    size_t size = 0;
    if (shim_take_params(request, SHIM_MEMBERS(capture_members), &capture) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    shim_text_raw(result, "{\"base64\":\"");
    shim_lock(shim);
    const uint8_t *bytes = shim_captures_find(&shim->captures, (uint32_t)capture.capture, &size);
    bool is_inside = bytes != NULL && (size_t)capture.offset <= size;
    size_t left = is_inside ? size - (size_t)capture.offset : 0;
    size_t length = (size_t)capture.length < left ? (size_t)capture.length : left;
    if (is_inside)
        shim_text_base64(result, bytes + capture.offset, length);
    shim_unlock(shim);
    if (!is_inside)
        return shim_misfit(request, bytes == NULL ? "capture" : "offset");
    shim_text_raw(result, "\",\"length\":");
    shim_text_uint(result, length);
    shim_text_raw(result, ",\"size\":");
    shim_text_uint(result, size);
    shim_text_char(result, '}');
    return SHIM_OK;
}
