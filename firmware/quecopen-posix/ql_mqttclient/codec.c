#define _POSIX_C_SOURCE 200809L
#include "codec.h"

#include <string.h>

#include "defects.h"
#include "options.h"

#define FLAG_USER 0x80
#define FLAG_PASSWORD 0x40
#define FLAG_WILL_RETAIN 0x20
#define FLAG_WILL 0x04
#define FLAG_CLEAN 0x02
#define RESERVED_FLAGS 0x02 /* of SUBSCRIBE, UNSUBSCRIBE and PUBREL */
#define SHORTENED_ID 23     /* what 3.1.1 obliges every server to take */
#define SHORTENED_PASSWORD 32
#define SHORTENED_PAYLOAD 1460

/* Where the next byte goes. */
struct pen {
    uint8_t *at;
};

static void write_byte(struct pen *pen, unsigned byte)
{
    *pen->at++ = (uint8_t)byte;
}

static void write_u16(struct pen *pen, size_t number)
{
    write_byte(pen, (unsigned)(number >> 8) & 0xffu);
    write_byte(pen, (unsigned)number & 0xffu);
}

static void write_bytes(struct pen *pen, const void *bytes, size_t length)
{
    if (length > 0)
        memcpy(pen->at, bytes, length);
    pen->at += length;
}

static void write_string(struct pen *pen, const char *text, size_t length)
{
    write_u16(pen, length);
    write_bytes(pen, text, length);
}

static void write_remaining(struct pen *pen, size_t length)
{
    size_t more = mq_defect(MQ_DEFECT_REMAINING_LENGTH_BOUNDARY) ? 128 : 127;
    while (length > more) {
        write_byte(pen, 0x80u | (unsigned)(length & 0x7f));
        length >>= 7;
    }
    write_byte(pen, (unsigned)length);
}

static size_t told_length(enum mq_packet_type type, unsigned flags, size_t length)
{
    bool wraps = type == MQ_PUBLISH && (flags & 0x06) != 0 && mq_option(MQ_OPT_LONG_PUBLISH) == LONG_PUBLISH_WRAPS;
    return wraps ? length & UINT16_MAX : length;
}

/* Opens a packet of `length` bytes behind the fixed header. */
static bool start(struct mq_bytes *out, struct pen *pen, enum mq_packet_type type, unsigned flags, size_t length)
{
    pen->at = mq_bytes_reserve(out, MQ_HEADER_MAX + length);
    if (pen->at == NULL)
        return false;
    write_byte(pen, (unsigned)type << 4 | flags);
    write_remaining(pen, told_length(type, flags, length));
    return true;
}

static bool finish(struct mq_bytes *out, const struct pen *pen)
{
    mq_bytes_added(out, (size_t)(pen->at - (out->store + out->end)));
    return true;
}

static size_t at_most(size_t length, enum mq_defect defect, size_t limit)
{
    return mq_defect(defect) && length > limit ? limit : length;
}

/* Strings of a CONNECT with the lengths that go out. */
struct connect_strings {
    const char *name;
    size_t id;
    size_t will_topic;
    size_t will_message;
    size_t user;
    size_t password;
};

static size_t length_of(const char *text)
{
    return text == NULL ? 0 : strlen(text);
}

static struct connect_strings measure(const struct mq_info *info, uint8_t level)
{
    return (struct connect_strings){
        .name = level == 3 && mq_option(MQ_OPT_LEVEL3_NAME) == LEVEL3_MQISDP ? "MQIsdp" : "MQTT",
        .id = at_most(length_of(info->client_id), MQ_DEFECT_CLIENT_ID_TRUNCATED, SHORTENED_ID),
        .will_topic = length_of(info->will_topic),
        .will_message = length_of(info->will_message),
        .user = length_of(info->user),
        .password = at_most(length_of(info->password), MQ_DEFECT_PASSWORD_TRUNCATED, SHORTENED_PASSWORD),
    };
}

static bool has_user(const struct mq_info *info)
{
    return info->user != NULL && !(info->password == NULL && mq_defect(MQ_DEFECT_USER_OMITTED));
}

static bool has_will(const struct mq_info *info)
{
    return info->will_topic != NULL && !(info->will_message[0] == '\0' && mq_defect(MQ_DEFECT_WILL_OMITTED));
}

static unsigned connect_flags(const struct mq_info *info)
{
    unsigned flags = 0;
    if (info->clean_session || mq_defect(MQ_DEFECT_CLEAN_SESSION_IGNORED))
        flags |= FLAG_CLEAN;
    if (has_user(info))
        flags |= FLAG_USER;
    if (info->password != NULL)
        flags |= FLAG_PASSWORD;
    if (!has_will(info))
        return flags;
    flags |= FLAG_WILL | (mq_defect(MQ_DEFECT_WILL_QOS_LOST) ? 0u : (unsigned)info->will_qos << 3);
    if (info->will_retain && !mq_defect(MQ_DEFECT_WILL_RETAIN_LOST))
        flags |= FLAG_WILL_RETAIN;
    return flags;
}

static void write_connect_payload(struct pen *pen, const struct mq_info *info, const struct connect_strings *sizes)
{
    write_string(pen, info->client_id, sizes->id);
    if (has_will(info)) {
        write_string(pen, info->will_topic, sizes->will_topic);
        write_string(pen, info->will_message, sizes->will_message);
    }
    if (has_user(info))
        write_string(pen, info->user, sizes->user);
    if (info->password != NULL)
        write_string(pen, info->password, sizes->password);
}

bool mq_encode_connect(struct mq_bytes *out, const struct mq_info *info, uint8_t level)
{
    struct pen pen;
    struct connect_strings sizes = measure(info, level);
    size_t name = strlen(sizes.name);
    size_t length = 2 + name + 4 + 2 + sizes.id + (has_will(info) ? 4 + sizes.will_topic + sizes.will_message : 0) +
                    (has_user(info) ? 2 + sizes.user : 0) + (info->password != NULL ? 2 + sizes.password : 0);
    if (!start(out, &pen, MQ_CONNECT, 0, length))
        return false;
    write_string(&pen, sizes.name, name);
    write_byte(&pen, level);
    write_byte(&pen, connect_flags(info));
    write_u16(&pen, mq_defect(MQ_DEFECT_KEEP_ALIVE_IN_MINUTES) ? info->keep_alive_s / 60u : info->keep_alive_s);
    write_connect_payload(&pen, info, &sizes);
    return finish(out, &pen);
}

bool mq_encode_publish(struct mq_bytes *out, const struct mq_publish *publish)
{
    struct pen pen;
    size_t topic = strlen(publish->topic);
    size_t payload = at_most(publish->length, MQ_DEFECT_PAYLOAD_TRUNCATED, SHORTENED_PAYLOAD);
    if (mq_defect(MQ_DEFECT_PAYLOAD_ENDS_AT_NUL) && payload > 0)
        payload = strnlen(publish->payload, payload);
    unsigned retain = publish->retain && !mq_defect(MQ_DEFECT_RETAIN_LOST) ? MQ_FLAG_RETAIN : 0;
    if (!start(out, &pen, MQ_PUBLISH, (unsigned)publish->qos << 1 | retain, 2 + topic + (publish->qos > 0 ? 2u : 0u) + payload))
        return false;
    write_string(&pen, publish->topic, topic);
    if (publish->qos > 0)
        write_u16(&pen, publish->id);
    write_bytes(&pen, publish->payload, payload);
    return finish(out, &pen);
}

bool mq_encode_subscribe(struct mq_bytes *out, uint16_t id, const char *filter, uint8_t qos)
{
    struct pen pen;
    size_t length = strlen(filter);
    unsigned flags = mq_defect(MQ_DEFECT_SUBSCRIBE_FLAGS_ZERO) ? 0 : RESERVED_FLAGS;
    if (!start(out, &pen, MQ_SUBSCRIBE, flags, 2 + 2 + length + 1))
        return false;
    write_u16(&pen, id);
    write_string(&pen, filter, length);
    write_byte(&pen, mq_defect(MQ_DEFECT_SUBSCRIBE_QOS_LOST) ? 0 : qos);
    return finish(out, &pen);
}

bool mq_encode_unsubscribe(struct mq_bytes *out, uint16_t id, const char *filter)
{
    struct pen pen;
    size_t length = strlen(filter);
    if (!start(out, &pen, MQ_UNSUBSCRIBE, RESERVED_FLAGS, 2 + 2 + length))
        return false;
    write_u16(&pen, id);
    write_string(&pen, filter, length);
    return finish(out, &pen);
}

bool mq_encode_ack(struct mq_bytes *out, enum mq_packet_type type, uint16_t id)
{
    struct pen pen;
    unsigned flags = type == MQ_PUBREL && !mq_defect(MQ_DEFECT_PUBREL_FLAGS_ZERO) ? RESERVED_FLAGS : 0;
    if (!start(out, &pen, type, flags, 2))
        return false;
    write_u16(&pen, id);
    return finish(out, &pen);
}

bool mq_encode_bare(struct mq_bytes *out, enum mq_packet_type type)
{
    struct pen pen;
    return start(out, &pen, type, 0, 0) && finish(out, &pen);
}
