/* connect's client info and TLS configuration. */
#include <stddef.h>
#include <string.h>

#include "call_build.h"

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

/* Refuses the first extra that is given, where the SDK has none of them. */
static bool lacks_extras(struct shim_build *build, const int64_t *extra, int count, const struct shim_member *members)
{
    for (int i = 0; i < count; i++)
        if (extra[i] != SHIM_NOT_GIVEN)
            return shim_refuse(build, SHIM_ERROR_UNSUPPORTED, members[i].name);
    return true;
}

#if HAVE_SSL_EXT || HAVE_PKT_TIMEOUT
static int64_t given(int64_t number)
{
    return number == SHIM_NOT_GIVEN ? 0 : number;
}
#endif

static bool build_ssl(struct shim_build *build, int value, struct mqtt_ssl_config_t *ssl)
{
    struct ssl_params params = {.texts = {SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT}};
    for (int i = 0; i < SSL_EXTRAS; i++)
        params.extra[i] = SHIM_NOT_GIVEN;
    if (!shim_build_take(build, value, "ssl", SHIM_MEMBERS(ssl_members), &params))
        return false;
    if (!HAVE_SSL_EXT && !lacks_extras(build, params.extra, SSL_EXTRAS, ssl_members + 6))
        return false;
    char *texts[4];
    for (int i = 0; i < 4; i++)
        if (!shim_build_text(build, params.texts[i], ssl_members[2 + i].name, &texts[i]))
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

bool shim_build_info(struct shim_build *build, int value, const struct mqtt_connect_client_info_t **built)
{
    *built = NULL;
    if (value == SHIM_ABSENT || shim_json_is_null(build->json, value))
        return true;
    struct info_params params = {
        .texts = {SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT, SHIM_ABSENT},
        .numbers = {0, 0, 0, 1},
        .extra = {SHIM_NOT_GIVEN, SHIM_NOT_GIVEN},
        .ssl = SHIM_ABSENT,
    };
    if (!shim_build_take(build, value, "info", SHIM_MEMBERS(info_members), &params))
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
        if (!shim_build_text(build, params.texts[i], info_members[i].name, &texts[i]))
            return false;
    if (info == NULL)
        return true;
    fill_info(info, &params, texts);
    info->ssl_cfg = ssl;
    *built = info;
    return true;
}
