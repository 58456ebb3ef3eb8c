/* A strict decoder of what a server may send. */
#ifndef MQ_DECODE_H
#define MQ_DECODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "packet.h"

struct mq_packet {
    enum mq_packet_type type;
    bool dup;
    uint8_t qos;
    bool retain;
    uint16_t id;          /* 0 where there is none */
    bool session_present; /* CONNACK */
    uint8_t code;         /* CONNACK, SUBACK */
    /* PUBLISH; both point into the decoded bytes. */
    const uint8_t *topic;
    size_t topic_length;
    const uint8_t *payload;
    size_t payload_length;
};

enum mq_frame { MQ_FRAME_PARTIAL, MQ_FRAME_WHOLE, MQ_FRAME_BAD };

/*
 * Finds the first packet in `bytes`. Whole: `size` is its length, `header` that of its fixed header. Bad: no server sends this type and
 * these flags, the remaining length has no end, or it is greater than `limit`; told as soon as it can be seen.
 */
enum mq_frame mq_frame_find(const uint8_t *bytes, size_t length, size_t limit, size_t *header, size_t *size);

/* False: the packet breaks MQTT 3.1.1, and the connection must be closed [MQTT-4.8.0-1]. */
bool mq_decode(const uint8_t *bytes, size_t header, size_t size, struct mq_packet *packet);

#endif
