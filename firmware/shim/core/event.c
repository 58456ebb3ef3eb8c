#include "event.h"

#include <string.h>

#include "crc32.h"
#include "utf8.h"

/* A record is this, the part of its kind, and where there are texts what describes them and then their kept bytes. */
struct head {
    int64_t t;
    uint8_t kind;
    uint8_t task;
    int8_t slot;
};

struct described {
    uint32_t length;
    uint32_t crc32;
    uint16_t kept;
    bool is_null;
};

static bool has_texts(const struct shim_event *event)
{
    switch (event->kind) {
    case SHIM_EVENT_RET:
        return event->as.ret.fn == SHIM_FN_onenet_token;
    case SHIM_EVENT_ENTER:
        return event->as.enter.cb == SHIM_CB_INPUB;
    default:
        return event->kind == SHIM_EVENT_RESET || event->kind == SHIM_EVENT_AT || event->kind == SHIM_EVENT_NETWORK;
    }
}

static size_t part_bytes(uint8_t kind)
{
    static const size_t bytes[] = {
        [SHIM_EVENT_CALL] = sizeof(struct shim_event_call),   [SHIM_EVENT_RET] = sizeof(struct shim_event_ret),
        [SHIM_EVENT_ENTER] = sizeof(struct shim_event_enter), [SHIM_EVENT_LEAVE] = sizeof(struct shim_event_leave),
        [SHIM_EVENT_RESET] = 0,                               [SHIM_EVENT_AT] = sizeof(struct shim_event_at),
        [SHIM_EVENT_NETWORK] = 0,                             [SHIM_EVENT_LOST] = sizeof(struct shim_event_lost),
    };
    return bytes[kind];
}

size_t shim_event_cost(enum shim_event_kind kind, size_t text_bytes)
{
    size_t texts = text_bytes > 0 ? 2 * sizeof(struct described) + text_bytes : 0;
    return shim_ring_cost(sizeof(struct head) + part_bytes((uint8_t)kind) + texts);
}

struct shim_digest shim_digest_none(void)
{
    return (struct shim_digest){.is_null = true};
}

struct shim_digest shim_digest_text(const char *text, size_t length, size_t limit)
{
    size_t kept = length < limit ? length : shim_utf8_whole(text, limit);
    return (struct shim_digest){.length = (uint32_t)length, .kept = (uint16_t)kept, .bytes = (const uint8_t *)text};
}

struct shim_digest shim_digest_topic(const char *topic)
{
    if (topic == NULL)
        return shim_digest_none();
    struct shim_digest digest = shim_digest_text(topic, strlen(topic), SHIM_TOPIC_KEPT);
    digest.crc32 = shim_crc32(0, topic, digest.length);
    return digest;
}

struct shim_digest shim_digest_payload(const void *payload, size_t length)
{
    if (payload == NULL)
        return shim_digest_none();
    return (struct shim_digest){
        .length = (uint32_t)length,
        .crc32 = shim_crc32(0, payload, length),
        .kept = (uint16_t)(length < SHIM_PAYLOAD_KEPT ? length : SHIM_PAYLOAD_KEPT),
        .bytes = payload,
    };
}

bool shim_digest_holds(const struct shim_digest *digest)
{
    return digest->is_null || shim_crc32(0, digest->bytes, digest->length) == digest->crc32;
}

static void put_text(struct shim_ring *ring, const struct shim_digest *digest)
{
    struct described described;
    memset(&described, 0, sizeof described);
    described.length = digest->length;
    described.crc32 = digest->crc32;
    described.kept = digest->kept;
    described.is_null = digest->is_null;
    shim_ring_put(ring, &described, sizeof described);
    if (digest->kept > 0)
        shim_ring_put(ring, digest->bytes, digest->kept);
}

uint32_t shim_event_append(struct shim_ring *ring, const struct shim_event *event, size_t reserved)
{
    bool texts = has_texts(event);
    size_t part = part_bytes(event->kind);
    size_t count = sizeof(struct head) + part;
    if (texts)
        count += 2 * sizeof(struct described) + event->text.kept + event->more.kept;
    if (!shim_ring_open(ring, count, reserved))
        return 0;
    struct head head;
    memset(&head, 0, sizeof head);
    head.t = event->t;
    head.kind = event->kind;
    head.task = event->task;
    head.slot = event->slot;
    shim_ring_put(ring, &head, sizeof head);
    shim_ring_put(ring, &event->as, part);
    if (texts) {
        put_text(ring, &event->text);
        put_text(ring, &event->more);
    }
    return ring->last;
}

static const uint8_t *read_text(struct shim_digest *digest, const uint8_t *record)
{
    struct described described;
    memcpy(&described, record, sizeof described);
    record += sizeof described;
    *digest = (struct shim_digest){
        .is_null = described.is_null,
        .length = described.length,
        .crc32 = described.crc32,
        .kept = described.kept,
        .bytes = record,
    };
    return record + described.kept;
}

void shim_event_read(struct shim_event *event, const uint8_t *record)
{
    struct head head;
    memcpy(&head, record, sizeof head);
    record += sizeof head;
    memset(event, 0, sizeof *event);
    event->t = head.t;
    event->kind = head.kind;
    event->task = head.task;
    event->slot = head.slot;
    memcpy(&event->as, record, part_bytes(head.kind));
    record += part_bytes(head.kind);
    if (has_texts(event))
        read_text(&event->more, read_text(&event->text, record));
}
