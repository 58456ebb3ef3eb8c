/* PINGREQ, and whether it is answered. */
#ifndef MQ_KEEPALIVE_H
#define MQ_KEEPALIVE_H

#include <stdint.h>

#include "client.h"

void mq_keepalive_tick(struct mq_client *client, int64_t now_ms);
int64_t mq_keepalive_due_ms(const struct mq_client *client);
void mq_keepalive_answered(struct mq_client *client);
/* Any packet has come: no reason to be silent [MQTT-3.1.2-23]. */
void mq_keepalive_heard(struct mq_client *client);

#endif
