/*
 * The MQTT client API of the QuecOpen SDK, declared in our own words: names, values and field order are those of the vendor's manual
 * (generation 1) and of the later headers (generation 2), because firmware must compile against either.
 */
#ifndef QL_MQTTCLIENT_H
#define QL_MQTTCLIENT_H

#include <stddef.h>
#include <stdint.h>

/* 1 = the manual (2021): nine functions; 2 = R03: setopt, pkt_timeout, retry_times, the longer ssl struct. */
#ifndef QL_SDK_GENERATION
#define QL_SDK_GENERATION 1
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What a call returns. */
typedef enum {
    MQTTCLIENT_SUCCESS = 0,
    MQTTCLIENT_INVALID_PARAM = -1,
    MQTTCLIENT_WOUNDBLOCK = -2, /* accepted; a callback tells the outcome (the spelling is the vendor's) */
    MQTTCLIENT_OUT_OF_MEM = -3,
    MQTTCLIENT_ALLOC_FAIL = -4,
    MQTTCLIENT_TCP_CONNECT_FAIL = -5,
    MQTTCLIENT_NOT_CONNECT = -6,
    MQTTCLIENT_SEND_PKT_FAIL = -7,
    MQTTCLIENT_BAD_REQUEST = -8,
    MQTTCLIENT_TIMEOUT = -9
} mqtt_error_code_e;

/* What a connection callback is told. 0 to 5 are CONNACK's return codes. */
typedef enum {
    MQTT_CONNECT_ACCEPTED = 0,
    MQTT_CONNECT_REFUSED_PROTOCOL_VERSION = 1,
    MQTT_CONNECT_REFUSED_IDENTIFIER = 2,
    MQTT_CONNECT_REFUSED_SERVER = 3,
    MQTT_CONNECT_REFUSED_USERNAME_PASS = 4,
    MQTT_CONNECT_REFUSED_NOT_AUTHORIZED = 5,
    MQTT_CONNECT_TCP_CONNECTED_FAILURE = 254,
    MQTT_CONNECT_OUT_OF_MEMORY = 255,
    MQTT_CONNECT_DISCONNECTED = 256,
    MQTT_CONNECT_TIMEOUT = 257
} mqtt_connection_status_e;

/* A handle. Every call takes its address. */
typedef int mqtt_client_t;

#define MQTT_SSL_VERIFY_NONE 0
#define MQTT_SSL_VERIFY_SERVER 1
#define MQTT_SSL_VERIFY_SERVER_CLIENT 2

struct mqtt_ssl_config_t {
    int ssl_ctx_id;
    int verify_level;
    char *cacert_path;
    char *client_cert_path;
    char *client_key_path;
    char *client_key_pwd;
#if QL_SDK_GENERATION >= 2
    int ssl_version;                   /* 0 SSL 3.0, 1 TLS 1.0, 2 TLS 1.1, 3 TLS 1.2, 4 all */
    int sni_enable;
    int ssl_negotiate_timeout;         /* s; 0 = the default */
    int ignore_invalid_certsign;
    int ignore_multi_certchain_verify;
    uint32_t ignore_certitem;          /* mask of mbedTLS's MBEDTLS_X509_BADCERT_* bits */
    char *cacert_buffer;               /* PEM text in place of cacert_path */
    int client_cert_type;              /* 0: the client's certificate and key are files; 1: they are PEM text */
#endif
};

struct mqtt_connect_client_info_t {
    const char *client_id;
    const char *client_user; /* NULL: none */
    const char *client_pass; /* NULL: none */
    unsigned short keep_alive; /* s; 0 turns it off */
#if QL_SDK_GENERATION >= 2
    unsigned char pkt_timeout; /* s, 1 to 60; 0 = the default */
    unsigned char retry_times; /* 0 to 10 */
#endif
    const char *will_topic; /* NULL: no will, whatever the other will fields say */
    const char *will_msg;
    unsigned char will_qos;
    unsigned char will_retain;
    unsigned char clean_session; /* 0: the session is kept; 1: it is not */
    struct mqtt_ssl_config_t *ssl_cfg;
};

typedef struct mqtt_ssl_config_t mqtt_ssl_config_t;
typedef struct mqtt_connect_client_info_t mqtt_connect_client_info_t;

typedef void (*mqtt_connection_cb_t)(mqtt_client_t *client, void *arg, mqtt_connection_status_e status);
typedef void (*mqtt_state_exception_cb_t)(mqtt_client_t *client);
typedef void (*mqtt_request_cb_t)(mqtt_client_t *client, void *arg, int err);
typedef void (*mqtt_disconnect_cb_t)(mqtt_client_t *client, void *arg, int err);
/* `payload` is not terminated; topic and payload live until the callback returns. */
typedef void (*mqtt_incoming_publish_cb_t)(mqtt_client_t *client, void *arg, int pkt_id, const char *topic, const unsigned char *payload,
                                           unsigned short payload_len);

/* Each int function but is_connected returns a mqtt_error_code_e. */
int ql_mqtt_client_init(mqtt_client_t *client, int cid);
int ql_mqtt_connect(mqtt_client_t *client, const char *host, mqtt_connection_cb_t cb, void *arg,
                    const struct mqtt_connect_client_info_t *client_info, mqtt_state_exception_cb_t exp_cb);
int ql_mqtt_publish(mqtt_client_t *client, const char *topic, const void *payload, unsigned short payload_length, unsigned char qos,
                    unsigned char retain, mqtt_request_cb_t cb, void *arg);
/* `sub`: 1 subscribes, 0 unsubscribes. */
int ql_mqtt_sub_unsub(mqtt_client_t *client, const char *topic, unsigned char qos, mqtt_request_cb_t cb, void *arg, unsigned char sub);
int ql_mqtt_disconnect(mqtt_client_t *client, mqtt_disconnect_cb_t cb, void *arg);
int ql_mqtt_set_inpub_callback(mqtt_client_t *client, mqtt_incoming_publish_cb_t inpub_cb, void *arg);
/* 1 while the session is up, else 0 (also for a handle that is none). */
int ql_mqtt_client_is_connected(mqtt_client_t *client);
int ql_mqtt_client_deinit(mqtt_client_t *client);
/* A token that expires `expire_time` seconds from now; the caller frees it. NULL on failure. */
char *ql_mqtt_onenet_generate_auth_token(signed long long expire_time, char *product_id, char *device_name, char *version, char *access_key);

#if QL_SDK_GENERATION >= 2
#define MQTT_CLIENT_OPT_REC_BUF_MAX 1 /* int: the largest packet that is taken, bytes */
#define MQTT_CLIENT_OPT_VERSION 2     /* int: 3 = MQTT 3.1, 4 = MQTT 3.1.1 */
#define MQTT_OPT_REC_BUF_MIN (16 * 1024)
#define MQTT_OPT_REC_BUF_MAX (64 * 1024)

int ql_mqtt_client_setopt(mqtt_client_t *client, int opt_tag, ...);
#endif

#ifdef __cplusplus
}
#endif

#endif
