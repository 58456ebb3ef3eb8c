/* hello, bye, slots, stats. */
#include <stddef.h>
#include <string.h>

#include "../calls.h"
#include "../dispatch.h"
#include "../facts.h"
#include "../log.h"
#include "../reactions.h"

struct hello {
    int nonce;
    int protocol;
    int session;
    int64_t acked;
};

static const struct shim_member hello_members[] = {
    {"nonce", SHIM_MEMBER_TEXT, true, offsetof(struct hello, nonce), 0, 0},
    {"protocol", SHIM_MEMBER_TEXT, true, offsetof(struct hello, protocol), 0, 0},
    {"session", SHIM_MEMBER_ANY, true, offsetof(struct hello, session), 0, 0},
    {"acked", SHIM_MEMBER_INT, false, offsetof(struct hello, acked), 0, UINT32_MAX},
};

/* "major.minor", both decimal. */
static bool is_version(const char *text, bool *is_ours)
{
    int major = 0;
    const char *at = text;
    for (; *at >= '0' && *at <= '9' && at - text < 4; at++)
        major = major * 10 + (*at - '0');
    *is_ours = major == SHIM_PROTOCOL_MAJOR;
    const char *minor = at + 1;
    return at > text && *at == '.' && *minor != '\0' && strspn(minor, "0123456789") == strlen(minor);
}

static void begin_session(struct shim *shim)
{
    shim_calls_drop_waiting(shim);
    shim_reactions_clear(shim);
    shim_ring_clear(&shim->events);
    memset(shim->losses, 0, sizeof shim->losses);
    shim_answers_clear(&shim->answers);
}

static enum shim_hello open_session(struct shim *shim, const char *nonce, uint32_t number, uint32_t acked)
{
    shim_lock(shim);
    enum shim_hello outcome = shim_session_hello(&shim->session, nonce, number, acked, shim->events.last);
    if (outcome == SHIM_HELLO_FRESH)
        begin_session(shim);
    if (outcome == SHIM_HELLO_RESUMED) {
        shim_outbox_clear(&shim->answers);
        shim_ring_acknowledge(&shim->events, acked);
        shim_log_losses(shim);
        shim_ring_rewind(&shim->events, acked + 1);
        shim_wake_writer(shim);
    }
    shim_unlock(shim);
    return outcome;
}

static void put_slots(struct shim *shim, struct shim_text *text)
{
    static const char *const names[] = {
        [SHIM_SLOT_FREE] = "\"free\"", [SHIM_SLOT_OPEN] = "\"open\"", [SHIM_SLOT_BUSY] = "\"busy\"", [SHIM_SLOT_WEDGED] = "\"wedged\""};
    for (unsigned i = 0; i < SHIM_SLOTS; i++) {
        shim_text_char(text, i == 0 ? '[' : ',');
        shim_text_raw(text, names[shim_slot_state(shim, i)]);
    }
    shim_text_char(text, ']');
}

static void put_queue(const struct shim *shim, struct shim_text *text)
{
    size_t callback = shim_event_cost(SHIM_EVENT_ENTER, SHIM_EVENT_INPUB_TEXT) + shim_event_cost(SHIM_EVENT_LEAVE, 0);
    shim_text_raw(text, ",\"queue\":{\"bytes\":");
    shim_text_uint(text, shim->events.room);
    shim_text_raw(text, ",\"events\":");
    shim_text_uint(text, (shim->events.room - shim->events.reserved) / callback);
    shim_text_raw(text, ",\"last\":");
    shim_text_uint(text, shim->events.last);
    shim_text_raw(text, "},\"slots\":");
}

static void put_session(const struct shim *shim, struct shim_text *text, uint32_t id, bool is_resumed)
{
    shim_text_raw(text, "{\"jsonrpc\":\"2.0\",\"id\":");
    shim_text_uint(text, id);
    shim_text_raw(text, ",\"result\":{\"nonce\":\"");
    shim_text_raw(text, shim->session.nonce);
    shim_text_raw(text, "\",\"protocol\":\"" SHIM_PROTOCOL "\",\"shim\":\"" SHIM_VERSION "\",\"session\":");
    shim_text_uint(text, shim->session.number);
    shim_text_raw(text, is_resumed ? ",\"resumed\":true" : ",\"resumed\":false");
    shim_text_raw(text, ",\"link\":");
    shim_text_uint(text, shim->session.link);
}

enum shim_error handle_hello(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct hello hello = {.acked = 0};
    char nonce[SHIM_NONCE_DIGITS + 1];
    char protocol[12];
    bool is_ours;
    int64_t number = 0;
    const struct shim_json *json = request->json;
    if (shim_take_params(request, SHIM_MEMBERS(hello_members), &hello) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    if (!shim_json_string_get(json, hello.nonce, nonce, sizeof nonce) || !shim_nonce_valid(nonce))
        return shim_misfit(request, "nonce");
    if (!shim_json_string_get(json, hello.protocol, protocol, sizeof protocol) || !is_version(protocol, &is_ours))
        return shim_misfit(request, "protocol");
    if (!is_ours)
        return SHIM_ERROR_PROTOCOL_VERSION;
    if (!shim_json_is_null(json, hello.session) &&
        (!shim_json_int(json, hello.session, &number) || number < 1 || number > UINT32_MAX))
        return shim_misfit(request, "session");
    enum shim_hello outcome = open_session(shim, nonce, (uint32_t)number, (uint32_t)hello.acked);
    if (outcome == SHIM_HELLO_REPEATED)
        return SHIM_OK;
    shim_lock(shim);
    put_session(shim, result, request->id, outcome == SHIM_HELLO_RESUMED);
    shim_put_boot(shim, result);
    shim_put_sdk(result);
    shim_put_module(result);
    shim_text_raw(result, ",\"heap\":");
    shim_put_heap(result);
    put_queue(shim, result);
    put_slots(shim, result);
    shim_text_raw(result, "}}");
    shim->answers.hello.length = (uint16_t)result->used;
    shim->answers.hello.done = true;
    shim_unlock(shim);
    return SHIM_OK;
}

enum shim_error handle_bye(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    if (shim_take_nothing(request) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    shim_lock(shim);
    shim_calls_drop_waiting(shim);
    shim_reactions_clear(shim);
    shim_ring_clear(&shim->events);
    shim->session.is_open = false;
    shim_unlock(shim);
    shim_text_raw(result, "{}");
    return SHIM_OK;
}

enum shim_error handle_slots(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    if (shim_take_nothing(request) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    shim_text_raw(result, "{\"slots\":");
    shim_lock(shim);
    put_slots(shim, result);
    shim_unlock(shim);
    shim_text_char(result, '}');
    return SHIM_OK;
}

enum shim_error handle_stats(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    if (shim_take_nothing(request) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    shim_text_raw(result, "{\"heap\":");
    shim_put_heap(result);
    shim_text_raw(result, ",\"tasks\":");
    shim_put_tasks(result);
    shim_put_cpu(result);
    shim_lock(shim);
    size_t used = shim->events.used;
    size_t peak = shim->events.peak;
    shim_unlock(shim);
    shim_text_raw(result, ",\"queue\":{\"used\":");
    shim_text_uint(result, used);
    shim_text_raw(result, ",\"peak\":");
    shim_text_uint(result, peak);
    shim_text_raw(result, "},\"noise\":");
    shim_text_uint(result, shim->noise);
    shim_text_char(result, '}');
    return SHIM_OK;
}
