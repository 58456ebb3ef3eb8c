/* From a call's params to a call that can be made. */
#include <string.h>

#include "call_build.h"
#include "calls.h"

struct call_params {
    int64_t link;
    int64_t slot;
    int64_t token;
    int client;
    int after;
    int64_t cid;
    int text;
    int info;
    bool cb;
    bool exception_cb;
    int payload;
    int64_t length;
    int64_t qos;
    int64_t flag;
    int64_t expire_time;
    int onenet[4];
    int64_t option;
    int64_t value;
};

#define AT(field) offsetof(struct call_params, field)
#define COMMON                                                                                                                             \
    {"link", SHIM_MEMBER_INT, false, AT(link), 0, UINT32_MAX}, {"slot", SHIM_MEMBER_INT, false, AT(slot), INT32_MIN, INT32_MAX},           \
        {"token", SHIM_MEMBER_INT, true, AT(token), 1, UINT32_MAX}, {"after", SHIM_MEMBER_TEXT, false, AT(after), 0, 0}
#define CLIENT {"client", SHIM_MEMBER_ANY, false, AT(client), 0, 0}
#define CB {"cb", SHIM_MEMBER_BOOL, false, AT(cb), 0, 0}
#define QOS {"qos", SHIM_MEMBER_INT, false, AT(qos), 0, UINT8_MAX}

static const struct shim_member plain_members[] = {COMMON, CLIENT};
static const struct shim_member init_members[] = {COMMON, CLIENT, {"cid", SHIM_MEMBER_INT, true, AT(cid), INT32_MIN, INT32_MAX}};
static const struct shim_member connect_members[] = {
    COMMON,
    CLIENT,
    CB,
    {"host", SHIM_MEMBER_ANY, false, AT(text), 0, 0},
    {"info", SHIM_MEMBER_ANY, false, AT(info), 0, 0},
    {"exceptionCb", SHIM_MEMBER_BOOL, false, AT(exception_cb), 0, 0},
};
static const struct shim_member publish_members[] = {
    COMMON,
    CLIENT,
    CB,
    QOS,
    {"topic", SHIM_MEMBER_ANY, false, AT(text), 0, 0},
    {"payload", SHIM_MEMBER_ANY, false, AT(payload), 0, 0},
    {"length", SHIM_MEMBER_INT, false, AT(length), 0, UINT16_MAX},
    {"retain", SHIM_MEMBER_FLAG, false, AT(flag), 0, UINT8_MAX},
};
static const struct shim_member sub_unsub_members[] = {
    COMMON, CLIENT, CB, QOS, {"topic", SHIM_MEMBER_ANY, false, AT(text), 0, 0}, {"sub", SHIM_MEMBER_FLAG, false, AT(flag), 0, UINT8_MAX},
};
static const struct shim_member cb_members[] = {COMMON, CLIENT, CB};
static const struct shim_member onenet_members[] = {
    COMMON,
    {"expireTime", SHIM_MEMBER_INT, true, AT(expire_time), INT64_MIN, INT64_MAX},
    {"productId", SHIM_MEMBER_ANY, false, AT(onenet[0]), 0, 0},
    {"deviceName", SHIM_MEMBER_ANY, false, AT(onenet[1]), 0, 0},
    {"version", SHIM_MEMBER_ANY, false, AT(onenet[2]), 0, 0},
    {"accessKey", SHIM_MEMBER_ANY, false, AT(onenet[3]), 0, 0},
};
static const struct shim_member setopt_members[] = {
    COMMON,
    CLIENT,
    {"option", SHIM_MEMBER_INT, true, AT(option), INT32_MIN, INT32_MAX},
    {"value", SHIM_MEMBER_INT, true, AT(value), INT32_MIN, INT32_MAX},
};

#define TABLE(fn, members) [SHIM_FN_##fn] = {SHIM_MEMBERS(members)}
static const struct {
    const struct shim_member *members;
    int count;
} tables[SHIM_FUNCTIONS] = {
    TABLE(init, init_members),
    TABLE(connect, connect_members),
    TABLE(publish, publish_members),
    TABLE(sub_unsub, sub_unsub_members),
    TABLE(disconnect, cb_members),
    TABLE(set_inpub_callback, cb_members),
    TABLE(is_connected, plain_members),
    TABLE(deinit, plain_members),
    TABLE(onenet_token, onenet_members),
    TABLE(setopt, setopt_members),
};

static const uint8_t callback_of[] = {
#define FUNCTION(name, method, callback) SHIM_CB_##callback,
#include "functions.def"
#undef FUNCTION
};

static const char *const methods[] = {
#define FUNCTION(name, method, callback) method,
#include "functions.def"
#undef FUNCTION
};

enum shim_function shim_calls_function(const struct shim_json *json, int method)
{
    int fn = 0;
    while (fn < SHIM_FUNCTIONS && !shim_json_equals(json, method, methods[fn]))
        fn++;
    return (enum shim_function)fn;
}

static bool build_publish(struct shim_build *build, const struct call_params *params, struct shim_arguments *arguments)
{
    char *payload;
    size_t length;
    if (!shim_builder_string(&build->builder, build->json, params->payload, &payload, &length))
        return shim_refuse(build, SHIM_ERROR_INVALID_PARAMS, "payload");
    bool is_null = params->payload == SHIM_ABSENT || shim_json_is_null(build->json, params->payload);
    int64_t told = params->length == SHIM_NOT_GIVEN ? (int64_t)length : params->length;
    /* A length beyond the payload would let the firmware read what is not the caller's; beyond 65,535 the type would wrap it. */
    if (told > UINT16_MAX || (!is_null && told > (int64_t)length))
        return shim_refuse(build, SHIM_ERROR_INVALID_PARAMS, "length");
    arguments->payload = payload;
    arguments->length = (uint16_t)told;
    return true;
}

static bool build_arguments(struct shim_build *build, enum shim_function fn, const struct call_params *params, struct shim_arguments *arguments)
{
    char *text;
    if (fn == SHIM_FN_connect && !shim_build_info(build, params->info, &arguments->info))
        return false;
    if (!shim_build_text(build, params->text, fn == SHIM_FN_connect ? "host" : "topic", &text))
        return false;
    arguments->text = text;
    if (fn == SHIM_FN_publish && !build_publish(build, params, arguments))
        return false;
    for (int i = 0; i < 4; i++)
        if (!shim_build_text(build, params->onenet[i], onenet_members[5 + i].name, &arguments->onenet[i]))
            return false;
    arguments->cid = (int32_t)params->cid;
    arguments->qos = (uint8_t)params->qos;
    arguments->flag = (uint8_t)params->flag;
    arguments->cb = params->cb;
    arguments->exception_cb = params->exception_cb;
    arguments->expire_time = params->expire_time;
    arguments->option = (int32_t)params->option;
    arguments->value = (int32_t)params->value;
    return true;
}

static bool is_token_live(const struct shim *shim, uint32_t token)
{
    for (unsigned i = 0; i < SHIM_CALLS; i++)
        if (shim->calls[i].state != SHIM_CALL_FREE && shim->calls[i].token == token)
            return true;
    return false;
}

static struct shim_call *find_free(struct shim *shim)
{
    for (unsigned i = 0; i < SHIM_CALLS; i++)
        if (shim->calls[i].state == SHIM_CALL_FREE)
            return &shim->calls[i];
    return NULL;
}

static bool is_supported(enum shim_function fn)
{
    return (fn != SHIM_FN_setopt || HAVE_SETOPT) && (fn != SHIM_FN_onenet_token || HAVE_ONENET_TOKEN);
}

/* Sets room aside for the events and the arguments of a call whose other fields are known. */
static enum shim_error set_aside(struct shim *shim, struct shim_call *call, size_t bytes)
{
    uint8_t cb = callback_of[call->fn];
    call->reserved_call = shim_event_cost(SHIM_EVENT_CALL, 0);
    call->reserved_ret = shim_event_cost(SHIM_EVENT_RET, call->fn == SHIM_FN_onenet_token ? SHIM_TOKEN_TEXT_KEPT : 0);
    call->reserved_callback =
        cb != SHIM_CB_NONE && call->arguments.cb ? shim_event_cost(SHIM_EVENT_ENTER, 0) + shim_event_cost(SHIM_EVENT_LEAVE, 0) : 0;
    size_t all = call->reserved_call + call->reserved_ret + call->reserved_callback;
    if (!shim_ring_reserve(&shim->events, all))
        return SHIM_ERROR_QUEUE_FULL;
    call->block = 0;
    call->memory = NULL;
    call->memory_bytes = bytes;
    if (bytes > 0 && (call->memory = shim_arena_take(&shim->arena, bytes, &call->block)) == NULL) {
        shim_ring_release(&shim->events, all);
        return SHIM_ERROR_TOO_LARGE;
    }
    return SHIM_OK;
}

/* Under the lock: a call with its room, or why not. */
static enum shim_error claim(struct shim *shim, struct shim_build *build, const struct call_params *params, const struct shim_call *draft,
                             struct shim_call **claimed)
{
    struct shim_call *call = find_free(shim);
    if (call == NULL)
        return SHIM_ERROR_QUEUE_FULL;
    *call = *draft;
    if (!shim_build_client(shim, build, params->client, call))
        return build->error;
    enum shim_error error = set_aside(shim, call, build->builder.used);
    if (error != SHIM_OK)
        return error;
    call->state = SHIM_CALL_WAITING;
    *claimed = call;
    return SHIM_OK;
}

static const struct call_params defaults = {
    .client = SHIM_ABSENT,
    .after = SHIM_ABSENT,
    .text = SHIM_ABSENT,
    .info = SHIM_ABSENT,
    .cb = true,
    .exception_cb = true,
    .payload = SHIM_ABSENT,
    .length = SHIM_NOT_GIVEN,
    .onenet = {SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT},
};

static enum shim_error take_params(struct shim_build *build, const struct shim_call_wish *wish, struct call_params *params,
                                   struct shim_call *draft)
{
    *params = defaults;
    params->slot = wish->default_slot;
    params->flag = wish->fn == SHIM_FN_sub_unsub;
    if (!shim_build_take(build, wish->params, "params", tables[wish->fn].members, tables[wish->fn].count, params))
        return build->error;
    if (wish->default_slot < 0 && shim_members_find(build->json, wish->params, "slot") == SHIM_ABSENT)
        return shim_refuse_member(build, "slot");
    if (params->slot < 0 || params->slot >= SHIM_SLOTS)
        return SHIM_ERROR_NO_SUCH_SLOT;
    bool has_after = params->after != SHIM_ABSENT;
    draft->poison = has_after && shim_json_equals(build->json, params->after, "poison");
    if (has_after && !draft->poison && !shim_json_equals(build->json, params->after, "keep"))
        return shim_refuse_member(build, "after");
    draft->fn = (uint8_t)wish->fn;
    draft->slot = (uint8_t)params->slot;
    draft->token = (uint32_t)params->token;
    return SHIM_OK;
}

enum shim_error shim_calls_prepare(struct shim *shim, const struct shim_call_wish *wish, struct shim_call **call)
{
    struct shim_build build = {.json = wish->json, .misfit = wish->misfit};
    struct call_params params;
    struct shim_call draft = {.state = SHIM_CALL_FREE};
    if (!is_supported(wish->fn))
        return SHIM_ERROR_UNSUPPORTED;
    enum shim_error error = take_params(&build, wish, &params, &draft);
    if (error != SHIM_OK)
        return error;
    if (!build_arguments(&build, wish->fn, &params, &draft.arguments))
        return build.error;
    shim_lock(shim);
    if (!wish->is_again && is_token_live(shim, draft.token))
        error = shim_refuse_member(&build, "token");
    else
        error = claim(shim, &build, &params, &draft, call);
    shim_unlock(shim);
    if (error != SHIM_OK)
        return error;
    /* What was measured fits, and what was judged good is good the second time. */
    build.builder = (struct shim_builder){.at = (*call)->memory};
    if ((*call)->memory != NULL)
        build_arguments(&build, wish->fn, &params, &(*call)->arguments);
    return SHIM_OK;
}
