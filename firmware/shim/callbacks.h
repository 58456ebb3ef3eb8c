/* The callbacks that are passed to ql_mqtt_*. They run on the firmware's own task: copy, note, make what a reaction asks for, return. */
#ifndef SHIM_CALLBACKS_H
#define SHIM_CALLBACKS_H

#include "ql_mqttclient.h"

void shim_on_connect(mqtt_client_t *client, void *arg, mqtt_connection_status_e status);
void shim_on_request(mqtt_client_t *client, void *arg, int err);
void shim_on_disconnect(mqtt_client_t *client, void *arg, int err);
void shim_on_inpub(mqtt_client_t *client, void *arg, int pkt_id, const char *topic, const unsigned char *payload,
                   unsigned short payload_len);
void shim_on_exception(mqtt_client_t *client);

#endif
