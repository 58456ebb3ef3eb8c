/* From a call's params to a call that can be made. */
#include <string.h>

#include "calls.h"
#include "core/argument.h"

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

/* The struct members of connect's info and their JSON. */
struct info_params {
    int texts[5];
    int64_t numbers[4];
    int64_t extra[2];
    int ssl;
};

#define INFO_TEXT(name, i) {name, SHIM_MEMBER_ANY, false, offsetof(struct info_params, texts[i]), 0, 0}
#define INFO_FLAG(name, i, max) {name, SHIM_MEMBER_FLAG, false, offsetof(struct info_params, numbers[i]), 0, max}
static const struct shim_member info_members[] = {
    INFO_TEXT("clientId", 0),
    INFO_TEXT("user", 1),
    INFO_TEXT("pass", 2),
    INFO_TEXT("willTopic", 3),
    INFO_TEXT("willMsg", 4),
    {"keepAlive", SHIM_MEMBER_INT, false, offsetof(struct info_params, numbers[0]), 0, UINT16_MAX},
    INFO_FLAG("willQos", 1, UINT8_MAX),
    INFO_FLAG("willRetain", 2, UINT8_MAX),
    INFO_FLAG("cleanSession", 3, UINT8_MAX),
    {"pktTimeout", SHIM_MEMBER_INT, false, offsetof(struct info_params, extra[0]), 0, UINT8_MAX},
    {"retryTimes", SHIM_MEMBER_INT, false, offsetof(struct info_params, extra[1]), 0, UINT8_MAX},
    {"ssl", SHIM_MEMBER_ANY, false, offsetof(struct info_params, ssl), 0, 0},
};

#define SSL_EXTRAS 7
struct ssl_params {
    int64_t numbers[2];
    int texts[4];
    int64_t extra[SSL_EXTRAS];
};

#define SSL_TEXT(name, i) {name, SHIM_MEMBER_ANY, false, offsetof(struct ssl_params, texts[i]), 0, 0}
#define SSL_INT(name, i) {name, SHIM_MEMBER_INT, false, offsetof(struct ssl_params, numbers[i]), INT32_MIN, INT32_MAX}
#define SSL_EXTRA(name, i) {name, SHIM_MEMBER_FLAG, false, offsetof(struct ssl_params, extra[i]), INT32_MIN, UINT32_MAX}
static const struct shim_member ssl_members[] = {
    SSL_INT("ctxId", 0),
    SSL_INT("verifyLevel", 1),
    SSL_TEXT("caCert", 0),
    SSL_TEXT("clientCert", 1),
    SSL_TEXT("clientKey", 2),
    SSL_TEXT("clientKeyPassword", 3),
    SSL_EXTRA("version", 0),
    SSL_EXTRA("sni", 1),
    SSL_EXTRA("negotiateTimeout", 2),
    SSL_EXTRA("ignoreInvalidCertSign", 3),
    SSL_EXTRA("ignoreMultiCertChainVerify", 4),
    SSL_EXTRA("ignoreCertItem", 5),
    SSL_EXTRA("certType", 6),
};

/* Not given: an extra that is 0 is another thing than one that this SDK does not have. */
#define NOT_GIVEN INT64_MIN

/* What is built, and where what is wrong is told. */
struct build {
    struct shim_builder builder;
    const struct shim_json *json;
    struct shim_misfit *misfit;
    enum shim_error error;
};

static bool refuse(struct build *build, enum shim_error error, const char *name)
{
    build->error = error;
    if (name != NULL)
        shim_misfit_set(build->misfit, name);
    return false;
}

static bool build_text(struct build *build, int value, const char *name, char **bytes)
{
    size_t length;
    return shim_builder_string(&build->builder, build->json, value, bytes, &length) || refuse(build, SHIM_ERROR_INVALID_PARAMS, name);
}

static bool take_object(struct build *build, int value, const char *name, const struct shim_member *members, int count, void *into)
{
    if (!shim_json_is_object(build->json, value))
        return refuse(build, SHIM_ERROR_INVALID_PARAMS, name);
    return shim_members_take(build->json, value, members, count, into, build->misfit) || refuse(build, SHIM_ERROR_INVALID_PARAMS, NULL);
}

/* Refuses the first extra that is given, where the SDK has none of them. */
static bool lacks_extras(struct build *build, const int64_t *extra, int count, const struct shim_member *members)
{
    for (int i = 0; i < count; i++)
        if (extra[i] != NOT_GIVEN)
            return refuse(build, SHIM_ERROR_UNSUPPORTED, members[i].name);
    return true;
}

#if HAVE_SSL_EXT || HAVE_PKT_TIMEOUT
static int64_t given(int64_t number)
{
    return number == NOT_GIVEN ? 0 : number;
}
#endif

static bool build_ssl(struct build *build, int value, struct mqtt_ssl_config_t *ssl)
{
    struct ssl_params params = {.texts = {SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT}};
    for (int i = 0; i < SSL_EXTRAS; i++)
        params.extra[i] = NOT_GIVEN;
    if (!take_object(build, value, "ssl", SHIM_MEMBERS(ssl_members), &params))
        return false;
    if (!HAVE_SSL_EXT && !lacks_extras(build, params.extra, SSL_EXTRAS, ssl_members + 6))
        return false;
    char *texts[4];
    for (int i = 0; i < 4; i++)
        if (!build_text(build, params.texts[i], ssl_members[2 + i].name, &texts[i]))
            return false;
    if (ssl == NULL)
        return true;
    memset(ssl, 0, sizeof *ssl);
    ssl->ssl_ctx_id = (int)params.numbers[0];
    ssl->verify_level = (int)params.numbers[1];
    ssl->cacert_path = texts[0];
    ssl->client_cert_path = texts[1];
    ssl->client_key_path = texts[2];
    ssl->client_key_pwd = texts[3];
#if HAVE_SSL_EXT
    ssl->ssl_version = (int)given(params.extra[0]);
    ssl->sni_enable = (int)given(params.extra[1]);
    ssl->ssl_negotiate_timeout = (int)given(params.extra[2]);
    ssl->ignore_invalid_certsign = (int)given(params.extra[3]);
    ssl->ignore_multi_certchain_verify = (int)given(params.extra[4]);
    ssl->ignore_certitem = (uint32_t)given(params.extra[5]);
    ssl->client_cert_type = (int)given(params.extra[6]);
#endif
    return true;
}

static void fill_info(struct mqtt_connect_client_info_t *info, const struct info_params *params, char *const texts[5])
{
    /* Zeroed whole: later firmware reads fields where earlier structs have padding. */
    memset(info, 0, sizeof *info);
    info->client_id = texts[0];
    info->client_user = texts[1];
    info->client_pass = texts[2];
    info->will_topic = texts[3];
    info->will_msg = texts[4];
    info->keep_alive = (unsigned short)params->numbers[0];
    info->will_qos = (unsigned char)params->numbers[1];
    info->will_retain = (unsigned char)params->numbers[2];
    info->clean_session = (unsigned char)params->numbers[3];
#if HAVE_PKT_TIMEOUT
    info->pkt_timeout = (unsigned char)given(params->extra[0]);
    info->retry_times = (unsigned char)given(params->extra[1]);
#endif
}

static bool build_info(struct build *build, int value, const struct mqtt_connect_client_info_t **built)
{
    *built = NULL;
    if (value == SHIM_ABSENT || shim_json_is_null(build->json, value))
        return true;
    struct info_params params = {
        .texts = {SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT},
        .numbers = {0, 0, 0, 1},
        .extra = {NOT_GIVEN, NOT_GIVEN},
        .ssl = SHIM_ABSENT,
    };
    if (!take_object(build, value, "info", SHIM_MEMBERS(info_members), &params))
        return false;
    if (!HAVE_PKT_TIMEOUT && !lacks_extras(build, params.extra, 2, info_members + 9))
        return false;
    bool has_ssl = params.ssl != SHIM_ABSENT && !shim_json_is_null(build->json, params.ssl);
    struct mqtt_connect_client_info_t *info = shim_builder_struct(&build->builder, sizeof *info);
    struct mqtt_ssl_config_t *ssl = has_ssl ? shim_builder_struct(&build->builder, sizeof *ssl) : NULL;
    if (has_ssl && !build_ssl(build, params.ssl, ssl))
        return false;
    char *texts[5];
    for (int i = 0; i < 5; i++)
        if (!build_text(build, params.texts[i], info_members[i].name, &texts[i]))
            return false;
    if (info == NULL)
        return true;
    fill_info(info, &params, texts);
    info->ssl_cfg = ssl;
    *built = info;
    return true;
}

static bool build_publish(struct build *build, const struct call_params *params, struct shim_arguments *arguments)
{
    char *payload;
    size_t length;
    if (!shim_builder_string(&build->builder, build->json, params->payload, &payload, &length))
        return refuse(build, SHIM_ERROR_INVALID_PARAMS, "payload");
    bool is_null = params->payload == SHIM_ABSENT || shim_json_is_null(build->json, params->payload);
    int64_t told = params->length == NOT_GIVEN ? (int64_t)length : params->length;
    /* A length beyond the payload would let the firmware read what is not the caller's; beyond 65,535 the type would wrap it. */
    if (told > UINT16_MAX || (!is_null && told > (int64_t)length))
        return refuse(build, SHIM_ERROR_INVALID_PARAMS, "length");
    arguments->payload = payload;
    arguments->length = (uint16_t)told;
    return true;
}

static bool build_arguments(struct build *build, enum shim_function fn, const struct call_params *params, struct shim_arguments *arguments)
{
    char *text;
    if (fn == SHIM_FN_connect && !build_info(build, params->info, &arguments->info))
        return false;
    if (!build_text(build, params->text, fn == SHIM_FN_connect ? "host" : "topic", &text))
        return false;
    arguments->text = text;
    if (fn == SHIM_FN_publish && !build_publish(build, params, arguments))
        return false;
    for (int i = 0; i < 4; i++)
        if (!build_text(build, params->onenet[i], onenet_members[5 + i].name, &arguments->onenet[i]))
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

/* A variable with this value, that stays where it is: firmware may keep the pointer. */
static mqtt_client_t *value_variable(struct shim *shim, mqtt_client_t value)
{
    for (unsigned i = 0; i < SHIM_VALUES; i++)
        if (shim->values[i] == value)
            return &shim->values[i];
    mqtt_client_t *variable = &shim->values[shim->next_value++ % SHIM_VALUES];
    *variable = value;
    return variable;
}

struct client_params {
    int64_t slot;
    int64_t value;
};

static const struct shim_member client_members[] = {
    {"slot", SHIM_MEMBER_INT, false, offsetof(struct client_params, slot), 0, SHIM_SLOTS - 1},
    {"value", SHIM_MEMBER_INT, false, offsetof(struct client_params, value), INT32_MIN, INT32_MAX},
};

/* Which pointer the call passes. */
static bool resolve_client(struct shim *shim, struct build *build, int value, struct shim_call *call)
{
    call->target = (int8_t)call->slot;
    call->client = &shim->slots[call->slot].client;
    if (value == SHIM_ABSENT || shim_json_equals(build->json, value, "own"))
        return true;
    call->target = -1;
    call->client = NULL;
    if (shim_json_equals(build->json, value, "null"))
        return true;
    struct client_params params = {.slot = -1, .value = NOT_GIVEN};
    if (!take_object(build, value, "client", SHIM_MEMBERS(client_members), &params))
        return false;
    if ((params.slot < 0) == (params.value == NOT_GIVEN))
        return refuse(build, SHIM_ERROR_INVALID_PARAMS, "client");
    if (params.slot < 0) {
        call->client = value_variable(shim, (mqtt_client_t)params.value);
        return true;
    }
    call->target = (int8_t)params.slot;
    call->client = &shim->slots[params.slot].client;
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
static enum shim_error claim(struct shim *shim, struct build *build, const struct call_params *params, const struct shim_call *draft,
                             bool is_again, struct shim_call **claimed)
{
    if (!is_again && is_token_live(shim, draft->token))
        return refuse(build, SHIM_ERROR_INVALID_PARAMS, "token"), build->error;
    struct shim_call *call = find_free(shim);
    if (call == NULL)
        return SHIM_ERROR_QUEUE_FULL;
    *call = *draft;
    if (!resolve_client(shim, build, params->client, call))
        return build->error;
    enum shim_error error = set_aside(shim, call, build->builder.used);
    if (error != SHIM_OK)
        return error;
    call->state = SHIM_CALL_WAITING;
    *claimed = call;
    return SHIM_OK;
}

static enum shim_error take_params(struct build *build, enum shim_function fn, int value, int default_slot,
                                   struct call_params *params, struct shim_call *draft)
{
    *params = (struct call_params){
        .slot = default_slot,
        .client = SHIM_ABSENT,
        .after = SHIM_ABSENT,
        .text = SHIM_ABSENT,
        .info = SHIM_ABSENT,
        .cb = true,
        .exception_cb = true,
        .payload = SHIM_ABSENT,
        .length = NOT_GIVEN,
        .flag = fn == SHIM_FN_sub_unsub,
        .onenet = {SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT},
    };
    if (!take_object(build, value, "params", tables[fn].members, tables[fn].count, params))
        return build->error;
    if (shim_members_find(build->json, value, "slot") == SHIM_ABSENT && default_slot < 0)
        return refuse(build, SHIM_ERROR_INVALID_PARAMS, "slot"), build->error;
    if (params->slot < 0 || params->slot >= SHIM_SLOTS)
        return SHIM_ERROR_NO_SUCH_SLOT;
    bool poison = params->after != SHIM_ABSENT && shim_json_equals(build->json, params->after, "poison");
    if (params->after != SHIM_ABSENT && !poison && !shim_json_equals(build->json, params->after, "keep"))
        return refuse(build, SHIM_ERROR_INVALID_PARAMS, "after"), build->error;
    *draft = (struct shim_call){
        .fn = (uint8_t)fn, .slot = (uint8_t)params->slot, .token = (uint32_t)params->token, .poison = poison};
    return SHIM_OK;
}

enum shim_error shim_calls_prepare(struct shim *shim, enum shim_function fn, const struct shim_json *json, int value, int default_slot,
                                   bool is_again, struct shim_call **call, struct shim_misfit *misfit)
{
    struct build build = {.json = json, .misfit = misfit};
    struct call_params params;
    struct shim_call draft;
    if (!is_supported(fn))
        return SHIM_ERROR_UNSUPPORTED;
    enum shim_error error = take_params(&build, fn, value, default_slot, &params, &draft);
    if (error != SHIM_OK)
        return error;
    if (!build_arguments(&build, fn, &params, &draft.arguments))
        return build.error;
    shim_lock(shim);
    error = claim(shim, &build, &params, &draft, is_again, call);
    shim_unlock(shim);
    if (error != SHIM_OK)
        return error;
    /* What was measured fits, and what was judged good is good the second time. */
    build.builder = (struct shim_builder){.at = (*call)->memory};
    if ((*call)->memory != NULL)
        build_arguments(&build, fn, &params, &(*call)->arguments);
    return SHIM_OK;
}
