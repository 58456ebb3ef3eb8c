#define _POSIX_C_SOURCE 200809L
#include "info.h"

#include <stdlib.h>
#include <string.h>

#include "defects.h"
#include "options.h"
#include "topic.h"
#include "utf8.h"

#define PKT_TIMEOUT_MAX_S 60
#define RETRY_TIMES_MAX 10
#define ALL_TLS_VERSIONS 4

static bool fits(const char *text)
{
    return text == NULL || strlen(text) <= (size_t)mq_option(MQ_OPT_STRING_MAX);
}

static bool is_text(const char *text)
{
    return text == NULL || (fits(text) && mq_utf8_valid((const uint8_t *)text, strlen(text)));
}

static bool will_is_legal(const struct mqtt_connect_client_info_t *given)
{
    if (given->will_topic == NULL)
        return true;
    size_t most = (size_t)mq_option(MQ_OPT_WILL_MAX);
    if (strlen(given->will_topic) > most || (given->will_msg != NULL && strlen(given->will_msg) > most))
        return false;
    return given->will_qos <= 2 && fits(given->will_topic) && fits(given->will_msg) &&
           mq_topic_name_valid((const uint8_t *)given->will_topic, strlen(given->will_topic));
}

static bool login_is_legal(const char *text)
{
    if (text == NULL)
        return true;
    if (text[0] == '\0' && mq_option(MQ_OPT_EMPTY_LOGIN) == EMPTY_LOGIN_REFUSED)
        return false;
    return strlen(text) <= (size_t)mq_option(MQ_OPT_LOGIN_MAX);
}

static bool wants_clean_session(unsigned char clean_session)
{
    int clean = mq_option(MQ_OPT_CLEAN_SESSION);
    return clean == CLEAN_ALWAYS || (clean == CLEAN_IF_ONE ? clean_session == 1 : clean_session != 0);
}

static bool identity_is_legal(const struct mqtt_connect_client_info_t *given)
{
    if (given->client_id == NULL || !is_text(given->client_id) || !is_text(given->client_user) || !fits(given->client_pass))
        return false;
    if (!login_is_legal(given->client_user) || !login_is_legal(given->client_pass))
        return false;
    /* Without an id there is nothing to keep a session under [MQTT-3.1.3-7]. */
    if (given->client_id[0] == '\0' && !wants_clean_session(given->clean_session) && !mq_defect(MQ_DEFECT_EMPTY_CLIENT_ID_KEPT))
        return false;
    if (mq_defect(MQ_DEFECT_PASSWORD_ALONE_SENT))
        return true;
    return given->client_pass == NULL || given->client_user != NULL; /* [MQTT-3.1.2-22] */
}

/* What selects TLS; false when URL and ssl_cfg contradict each other. */
static bool choose_tls(struct mq_info *info, const struct mqtt_ssl_config_t *ssl)
{
    const struct mq_url *url = &info->url;
    /* Whoever writes mqtts:// must never end up in clear. */
    if (url->secure && ssl == NULL)
        return false;
    if (mq_option(MQ_OPT_TLS_BY) == TLS_BY_BOTH && url->has_scheme && url->secure != (ssl != NULL))
        return false;
    info->tls = url->secure || (ssl != NULL && mq_option(MQ_OPT_TLS_BY) != TLS_BY_SCHEME);
    if (info->tls && !url->has_scheme && !url->has_port)
        info->url.port = 8883;
    return true;
}

static bool copy(char **to, const char *from)
{
    *to = from == NULL ? NULL : strdup(from);
    return from == NULL || *to != NULL;
}

#if QL_SDK_GENERATION >= 2
static bool copy_ssl_extension(struct mq_ssl *ssl, const struct mqtt_ssl_config_t *given)
{
    ssl->version = given->ssl_version;
    ssl->sni = given->sni_enable != 0;
    ssl->timeout_ms = given->ssl_negotiate_timeout > 0 && given->ssl_negotiate_timeout < INT32_MAX / 1000
                          ? (uint32_t)given->ssl_negotiate_timeout * 1000
                          : (uint32_t)mq_option(MQ_OPT_TLS_MS);
    ssl->ignore_signature = given->ignore_invalid_certsign != 0;
    ssl->ignore_chain = given->ignore_multi_certchain_verify != 0;
    ssl->ignore = given->ignore_certitem;
    ssl->cert_is_text = given->client_cert_type == 1;
    ssl->ca_is_text = ssl->ca == NULL && given->cacert_buffer != NULL;
    bool has_version = given->ssl_version >= 0 && given->ssl_version <= ALL_TLS_VERSIONS;
    return has_version && (!ssl->ca_is_text || copy(&ssl->ca, given->cacert_buffer));
}
#else
static bool copy_ssl_extension(struct mq_ssl *ssl, const struct mqtt_ssl_config_t *given)
{
    (void)given;
    ssl->version = ALL_TLS_VERSIONS;
    ssl->sni = mq_option(MQ_OPT_SNI) == SNI_ON;
    ssl->timeout_ms = (uint32_t)mq_option(MQ_OPT_TLS_MS);
    return true;
}
#endif

static int copy_ssl(struct mq_ssl *ssl, const struct mqtt_ssl_config_t *given)
{
    if (given->verify_level < MQTT_SSL_VERIFY_NONE || given->verify_level > MQTT_SSL_VERIFY_SERVER_CLIENT)
        return MQTTCLIENT_INVALID_PARAM;
    ssl->verify_level = given->verify_level;
    bool copied = copy(&ssl->ca, given->cacert_path) && copy(&ssl->cert, given->client_cert_path) &&
                  copy(&ssl->key, given->client_key_path) && copy(&ssl->password, given->client_key_pwd);
    if (!copied)
        return MQTTCLIENT_ALLOC_FAIL;
    return copy_ssl_extension(ssl, given) ? MQTTCLIENT_SUCCESS : MQTTCLIENT_INVALID_PARAM;
}

static bool copy_strings(struct mq_info *info, const struct mqtt_connect_client_info_t *given)
{
    const char *will_message = given->will_msg != NULL ? given->will_msg : "";
    return copy(&info->client_id, given->client_id) && copy(&info->user, given->client_user) &&
           copy(&info->password, given->client_pass) && copy(&info->will_topic, given->will_topic) &&
           copy(&info->will_message, given->will_topic != NULL ? will_message : NULL);
}

#if QL_SDK_GENERATION >= 2
static bool copy_timing(struct mq_info *info, const struct mqtt_connect_client_info_t *given)
{
    unsigned char timeout_s = given->pkt_timeout;
    unsigned char retries = given->retry_times;
    bool in_range = timeout_s <= PKT_TIMEOUT_MAX_S && retries <= RETRY_TIMES_MAX;
    if (!in_range && mq_option(MQ_OPT_OUT_OF_RANGE) == OUT_OF_RANGE_REFUSE)
        return false;
    if (timeout_s > PKT_TIMEOUT_MAX_S)
        timeout_s = PKT_TIMEOUT_MAX_S;
    if (retries > RETRY_TIMES_MAX)
        retries = RETRY_TIMES_MAX;
    info->request_ms = timeout_s > 0 ? timeout_s * 1000u : (uint32_t)mq_option(MQ_OPT_REQUEST_MS);
    info->retries = retries > 0 ? retries : mq_option(MQ_OPT_RETRIES);
    return true;
}
#else
static bool copy_timing(struct mq_info *info, const struct mqtt_connect_client_info_t *given)
{
    (void)given;
    info->request_ms = (uint32_t)mq_option(MQ_OPT_REQUEST_MS);
    info->retries = mq_option(MQ_OPT_RETRIES);
    return true;
}
#endif

static int copy_all(struct mq_info *info, const char *host, const struct mqtt_connect_client_info_t *given)
{
    if (!mq_url_parse(host, (size_t)mq_option(MQ_OPT_HOST_MAX), &info->url) || !identity_is_legal(given) || !will_is_legal(given))
        return MQTTCLIENT_INVALID_PARAM;
    if (!choose_tls(info, given->ssl_cfg) || !copy_timing(info, given))
        return MQTTCLIENT_INVALID_PARAM;
    info->will_qos = given->will_qos;
    info->will_retain = given->will_retain != 0;
    info->clean_session = wants_clean_session(given->clean_session);
    info->keep_alive_s = given->keep_alive;
    if (!copy_strings(info, given))
        return MQTTCLIENT_ALLOC_FAIL;
    return info->tls ? copy_ssl(&info->ssl, given->ssl_cfg) : MQTTCLIENT_SUCCESS;
}

int mq_info_copy(struct mq_info *info, const char *host, const struct mqtt_connect_client_info_t *given)
{
    memset(info, 0, sizeof *info);
    int result = copy_all(info, host, given);
    if (result != MQTTCLIENT_SUCCESS)
        mq_info_free(info);
    return result;
}

void mq_info_free(struct mq_info *info)
{
    char *owned[] = { info->ssl.ca, info->ssl.cert,  info->ssl.key,    info->ssl.password,  info->client_id,
                      info->user,   info->password, info->will_topic, info->will_message };
    for (size_t i = 0; i < sizeof owned / sizeof owned[0]; i++)
        free(owned[i]);
    memset(info, 0, sizeof *info);
}
