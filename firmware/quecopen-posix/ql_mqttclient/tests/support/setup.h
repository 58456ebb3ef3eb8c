/* What most tests of the client start with. */
#ifndef SETUP_H
#define SETUP_H

#include "peer.h"
#include "ql_mqttclient.h"

/* Settings over those that keep a test short. */
void use_options(const char *settings);
/* `manual` by default: status codes of the manual's reading, one attempt a request. */
struct mqtt_connect_client_info_t plain_info(const char *client_id);
/* init, connect and CONNACK 0; `info` may be NULL. */
void bring_up(struct peer *peer, mqtt_client_t *client, const struct mqtt_connect_client_info_t *info);
/* deinit, and no callback that the test has not taken. */
void take_down(mqtt_client_t *client);

#endif
