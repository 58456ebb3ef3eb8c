/* The RPC shim of ql-mqtt-hil: lets a host drive the ql_mqtt_* functions of this module over a serial line (docs/protocol.md). */
#ifndef QL_MQTT_HIL_APP_H
#define QL_MQTT_HIL_APP_H

/* Called once from the application's init task, in the place of ql_mqtt_app_init. Creates the shim's tasks and returns. */
void ql_mqtt_hil_app_init(void);

#endif
