/* What the vendor's headers give on the module (32 bits): a declaration of ours that differs would mislead whoever tests against it. */
#include <stddef.h>

#include "ql_mqttclient.h"

#define INFO(field) offsetof(struct mqtt_connect_client_info_t, field)
#define SSL(field) offsetof(struct mqtt_ssl_config_t, field)

_Static_assert(sizeof(void *) == 4, "for the module only");
_Static_assert(sizeof(mqtt_client_t) == 4, "a handle is an int");

_Static_assert(sizeof(struct mqtt_connect_client_info_t) == 0x20, "client info");
_Static_assert(INFO(client_id) == 0x00 && INFO(client_user) == 0x04 && INFO(client_pass) == 0x08, "client info: identity");
_Static_assert(INFO(keep_alive) == 0x0c, "client info: keep alive");
_Static_assert(INFO(will_topic) == 0x10 && INFO(will_msg) == 0x14, "client info: will");
_Static_assert(INFO(will_qos) == 0x18 && INFO(will_retain) == 0x19 && INFO(clean_session) == 0x1a, "client info: flags");
_Static_assert(INFO(ssl_cfg) == 0x1c, "client info: ssl");

_Static_assert(SSL(ssl_ctx_id) == 0 && SSL(verify_level) == 4 && SSL(cacert_path) == 8, "ssl config: server");
_Static_assert(SSL(client_cert_path) == 12 && SSL(client_key_path) == 16 && SSL(client_key_pwd) == 20, "ssl config: client");

#if QL_SDK_GENERATION >= 2
_Static_assert(INFO(pkt_timeout) == 0x0e && INFO(retry_times) == 0x0f, "client info: in what was padding");
_Static_assert(sizeof(struct mqtt_ssl_config_t) == 56, "ssl config");
_Static_assert(SSL(ssl_version) == 24 && SSL(client_cert_type) == 52, "ssl config: later fields");
#else
_Static_assert(sizeof(struct mqtt_ssl_config_t) == 24, "ssl config");
#endif
