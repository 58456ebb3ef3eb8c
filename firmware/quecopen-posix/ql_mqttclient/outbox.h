/* Packets on their way to the server. A packet that finds no memory ends the connection: a gap in the stream would be worse. */
#ifndef MQ_OUTBOX_H
#define MQ_OUTBOX_H

#include <stdbool.h>

#include "client.h"
#include "codec.h"

/* Whether `length` more bytes may be queued. */
bool mq_outbox_has_room(const struct mq_client *client, size_t length);
void mq_outbox_connect(struct mq_client *client);
void mq_outbox_publish(struct mq_client *client, const struct mq_publish *publish);
void mq_outbox_subscription(struct mq_client *client, bool subscribe, uint16_t id, const char *filter, uint8_t qos);
void mq_outbox_ack(struct mq_client *client, enum mq_packet_type type, uint16_t id);
void mq_outbox_bare(struct mq_client *client, enum mq_packet_type type);
/* A PUBLISH that was encoded before; `again` sets DUP. */
void mq_outbox_frame(struct mq_client *client, struct mq_message *message, bool again);

#endif
