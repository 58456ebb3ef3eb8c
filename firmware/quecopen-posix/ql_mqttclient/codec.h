/* Encoders of everything that a client sends. Each appends one packet; false without memory, and then nothing was appended. */
#ifndef MQ_CODEC_H
#define MQ_CODEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "info.h"
#include "packet.h"

struct mq_publish {
    const char *topic;
    const void *payload;
    size_t length;
    uint16_t id; /* none for QoS 0 */
    uint8_t qos;
    bool retain;
};

/* `level`: 3 for MQTT 3.1, 4 for 3.1.1. */
bool mq_encode_connect(struct mq_bytes *out, const struct mq_info *info, uint8_t level);
bool mq_encode_publish(struct mq_bytes *out, const struct mq_publish *publish);
bool mq_encode_subscribe(struct mq_bytes *out, uint16_t id, const char *filter, uint8_t qos);
bool mq_encode_unsubscribe(struct mq_bytes *out, uint16_t id, const char *filter);
/* PUBACK, PUBREC, PUBREL, PUBCOMP. */
bool mq_encode_ack(struct mq_bytes *out, enum mq_packet_type type, uint16_t id);
/* PINGREQ, DISCONNECT. */
bool mq_encode_bare(struct mq_bytes *out, enum mq_packet_type type);

#endif
