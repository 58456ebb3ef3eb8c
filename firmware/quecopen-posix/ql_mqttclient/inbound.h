#ifndef MQ_INBOUND_H
#define MQ_INBOUND_H

#include "client.h"
#include "decode.h"

/* Does what a packet from the server asks for. */
void mq_inbound(struct mq_client *client, const struct mq_packet *packet);

/* The acknowledgements that a defect keeps to the end of a segment, the newest first. */
void mq_inbound_segment_end(struct mq_client *client);

#endif
