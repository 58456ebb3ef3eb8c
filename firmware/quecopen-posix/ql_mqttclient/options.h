/* Settings of the client: times, limits, and what nobody knows of the real one. See options.def. */
#ifndef MQ_OPTIONS_H
#define MQ_OPTIONS_H

#include <stddef.h>

#define MQ_OPTIONS_ENV "QL_MQTTCLIENT_OPTIONS"

enum mq_option {
#define NUMBER(id, key, least, most, value, gloss) MQ_OPT_##id,
#define CHOICE(id, key, values, value, open, gloss) MQ_OPT_##id,
#include "options.def"
#undef NUMBER
#undef CHOICE
    MQ_OPT_COUNT
};

/* Values of the choices, in the order of their rows. */
enum { ERR_ENUM_STATUS, ERR_ENUM_ERROR };
enum { NULL_CB_SUCCESS, NULL_CB_WOUNDBLOCK, NULL_CB_INVALID_PARAM };
enum { TLS_BY_SCHEME, TLS_BY_SSL_CFG, TLS_BY_BOTH };
enum { TLS_STATUS_TCP, TLS_STATUS_DISCONNECTED };
enum { PENDING_ERROR, PENDING_SILENT };
enum { LOSS_REQUESTS_FIRST, LOSS_EXCEPTION_FIRST };
enum { NO, YES };
enum { DEINIT_SAYS_DISCONNECT, DEINIT_SAYS_FIN, DEINIT_SAYS_RST };
enum { DEINIT_CLEARS_YES, DEINIT_CLEARS_NO };
enum { INPUB_KEPT, INPUB_WIPED };
enum { CLIENT_POINTER_OWN, CLIENT_POINTER_CALLERS };
enum { EMPTY_PAYLOAD_POINTER, EMPTY_PAYLOAD_NULL };
enum { QOS0_ID_ZERO, QOS0_ID_MINUS_ONE };
enum { QOS0_DUP_DELIVER, QOS0_DUP_CLOSE };
enum { SP_WITH_CLEAN_ACCEPT, SP_WITH_CLEAN_CLOSE };
enum { UNKNOWN_PUBREC_PUBREL, UNKNOWN_PUBREC_IGNORE };
enum { SUB_OTHER_REFUSE, SUB_OTHER_SUBSCRIBE };
enum { OUT_OF_RANGE_REFUSE, OUT_OF_RANGE_CLAMP };
enum { SUBACK_ERR_SERVER, SUBACK_ERR_NOT_AUTHORIZED };
enum { DISCONNECTING_DOWN, DISCONNECTING_UP };
enum { DATA_CALL_WATCHED, DATA_CALL_IGNORED };
enum { NAME_CHECK_ALWAYS, NAME_CHECK_NAMES, NAME_CHECK_NEVER };
enum { SNI_ON, SNI_OFF };
enum { TLS_FLOOR_10, TLS_FLOOR_11, TLS_FLOOR_12 };
enum { LEVEL1_CERT_WITHHELD, LEVEL1_CERT_SENT };
enum { REQUESTS_FROM_SESSION, REQUESTS_FROM_CONNECT };
enum { REQUEST_ERR_QL, REQUEST_ERR_LWIP };
enum { DISCONNECT_TOLD, DISCONNECT_UNTOLD };
enum { CLEAN_IF_NONZERO, CLEAN_IF_ONE, CLEAN_ALWAYS };
enum { CALLS_CHECKED, CALLS_UNCHECKED };
enum { FRAMES_CHECKED, FRAMES_UNCHECKED };
enum { ACK_LENGTH_CHECKED, ACK_LENGTH_STALE };
enum { ACKS_BY_TYPE, ACKS_BY_ID };
enum { LONG_PUBLISH_WHOLE, LONG_PUBLISH_WRAPS };
enum { LEVEL3_MQISDP, LEVEL3_MQTT };
enum { EMPTY_LOGIN_SENT, EMPTY_LOGIN_REFUSED };
enum { VERIFY_REQUIRED, VERIFY_OPTIONAL };

int mq_option(enum mq_option option);

/*
 * Sets everything afresh from "key=value;…" (NULL or empty: the defaults). Returns 0, or -1 with a line in `complaint`; settings are then
 * undefined. Not to be called while clients exist.
 */
int mq_options_apply(const char *text, char *complaint, size_t room);

/* Reads the environment, once a process. A mistake there ends it: a typing error must not pass for a module that behaves. */
void mq_options_load(void);

#endif
