#include "decode.h"

#include <string.h>

#include "defects.h"
#include "options.h"
#include "topic.h"

static bool is_unchecked(void)
{
    return mq_option(MQ_OPT_FRAMES) == FRAMES_UNCHECKED;
}

static bool may_come_from_server(unsigned type, unsigned flags)
{
    if (is_unchecked())
        flags = type == MQ_PUBLISH ? 0 : type == MQ_PUBREL ? 0x02 : 0;
    switch (type) {
    case MQ_PUBLISH:
        return (flags & 0x06) != 0x06; /* QoS 3 [MQTT-3.3.1-4] */
    case MQ_PUBREL:
        return flags == 0x02;
    case MQ_CONNACK:
    case MQ_PUBACK:
    case MQ_PUBREC:
    case MQ_PUBCOMP:
    case MQ_SUBACK:
    case MQ_UNSUBACK:
    case MQ_PINGRESP:
        return flags == 0 || mq_defect(MQ_DEFECT_INVALID_FLAGS_TOLERATED);
    default:
        return false;
    }
}

enum mq_frame mq_frame_find(const uint8_t *bytes, size_t length, size_t limit, size_t *header, size_t *size)
{
    size_t remaining = 0;
    if (length == 0)
        return MQ_FRAME_PARTIAL;
    if (!may_come_from_server(bytes[0] >> 4, bytes[0] & 0x0f))
        return MQ_FRAME_BAD;
    for (size_t i = 1; i < MQ_HEADER_MAX; i++) {
        if (i >= length)
            return MQ_FRAME_PARTIAL;
        remaining |= (size_t)(bytes[i] & 0x7f) << (7 * (i - 1));
        if ((bytes[i] & 0x80) != 0)
            continue;
        if (remaining > limit)
            return MQ_FRAME_BAD;
        *header = i + 1;
        *size = *header + remaining;
        return *size <= length ? MQ_FRAME_WHOLE : MQ_FRAME_PARTIAL;
    }
    return MQ_FRAME_BAD;
}

static uint16_t read_u16(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static bool decode_connack(const uint8_t *body, size_t length, struct mq_packet *packet)
{
    if (length != 2 || (body[0] > 1 && !is_unchecked()))
        return false;
    packet->session_present = (body[0] & 1) != 0;
    packet->code = body[1];
    return true;
}

static bool decode_id(const uint8_t *body, size_t length, struct mq_packet *packet)
{
    if (length < 2)
        return false;
    packet->id = read_u16(body);
    return packet->id != 0;
}

static bool decode_ack(const uint8_t *body, size_t length, struct mq_packet *packet)
{
    if (length < 2 && mq_option(MQ_OPT_ACK_LENGTH) == ACK_LENGTH_STALE) {
        packet->id = 1; /* what lay in the buffer; any id will do */
        return true;
    }
    return length == 2 && decode_id(body, length, packet);
}

static bool decode_suback(const uint8_t *body, size_t length, struct mq_packet *packet)
{
    if (length != 3 || !decode_id(body, length, packet))
        return false;
    packet->code = body[2];
    return packet->code <= 2 || packet->code == MQ_SUBACK_FAILURE || is_unchecked();
}

static bool decode_publish(unsigned flags, const uint8_t *body, size_t length, struct mq_packet *packet)
{
    packet->dup = (flags & MQ_FLAG_DUP) != 0;
    packet->qos = (uint8_t)(flags >> 1 & 3);
    if (packet->qos == 3)
        packet->qos = 2; /* met only where flags are not checked */
    packet->retain = (flags & MQ_FLAG_RETAIN) != 0;
    if (length < 2)
        return false;
    packet->topic = body + 2;
    packet->topic_length = read_u16(body);
    size_t used = 2 + packet->topic_length;
    if (used > length || (!is_unchecked() && !mq_topic_name_valid(packet->topic, packet->topic_length)))
        return false;
    if (packet->qos > 0 && !decode_id(body + used, length - used, packet) && !is_unchecked())
        return false;
    used += packet->qos > 0 ? 2 : 0;
    packet->payload = body + used;
    packet->payload_length = length - used;
    /* The callback's length has 16 bits; to cut the message would be worse than to refuse it. */
    return packet->payload_length <= UINT16_MAX;
}

bool mq_decode(const uint8_t *bytes, size_t header, size_t size, struct mq_packet *packet)
{
    const uint8_t *body = bytes + header;
    size_t length = size - header;
    memset(packet, 0, sizeof *packet);
    packet->type = (enum mq_packet_type)(bytes[0] >> 4);
    switch (packet->type) {
    case MQ_CONNACK:
        return decode_connack(body, length, packet);
    case MQ_PUBLISH:
        return decode_publish(bytes[0] & 0x0f, body, length, packet);
    case MQ_SUBACK:
        return decode_suback(body, length, packet);
    case MQ_PINGRESP:
        return length == 0;
    default:
        return decode_ack(body, length, packet);
    }
}
