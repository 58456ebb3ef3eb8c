/* What a call of connect asks for, checked and copied: the caller's strings need not outlive the call. */
#ifndef MQ_INFO_H
#define MQ_INFO_H

#include <stdbool.h>
#include <stdint.h>

#include "ql_mqttclient.h"
#include "url.h"

struct mq_ssl {
    int verify_level;
    char *ca; /* paths, or PEM text */
    char *cert;
    char *key;
    char *password;
    bool ca_is_text;
    bool cert_is_text;
    int version; /* QuecOpen's number: 0 SSL 3.0 … 3 TLS 1.2, 4 all */
    bool sni;
    uint32_t timeout_ms;
    bool ignore_signature;
    bool ignore_chain;
    uint32_t ignore; /* MBEDTLS_X509_BADCERT_* */
};

struct mq_info {
    struct mq_url url;
    bool tls;
    struct mq_ssl ssl;
    char *client_id;
    char *user; /* NULL: none, as for the rest */
    char *password;
    char *will_topic;
    char *will_message;
    uint8_t will_qos;
    bool will_retain;
    bool clean_session;
    uint16_t keep_alive_s;
    uint32_t request_ms;
    int retries;
};

/* MQTTCLIENT_SUCCESS, or why not; then `info` owns nothing. */
int mq_info_copy(struct mq_info *info, const char *host, const struct mqtt_connect_client_info_t *given);
void mq_info_free(struct mq_info *info);

#endif
