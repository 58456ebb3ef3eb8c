/* Events: their binary records in the ring, and their JSON (docs/protocol.md §4). */
#ifndef SHIM_EVENT_H
#define SHIM_EVENT_H

#include <stdbool.h>
#include <stdint.h>

#include "../limits.h"
#include "ring.h"
#include "text.h"

enum shim_function {
#define FUNCTION(name, method, callback) SHIM_FN_##name,
#include "../functions.def"
#undef FUNCTION
    SHIM_FUNCTIONS
};

enum shim_callback {
#define CALLBACK(constant, name) SHIM_CB_##constant,
#include "../callbacks.def"
#undef CALLBACK
    SHIM_CALLBACKS,
    SHIM_CB_NONE = SHIM_CALLBACKS
};

enum shim_event_kind {
    SHIM_EVENT_CALL,
    SHIM_EVENT_RET,
    SHIM_EVENT_ENTER,
    SHIM_EVENT_LEAVE,
    SHIM_EVENT_RESET,
    SHIM_EVENT_AT,
    SHIM_EVENT_NETWORK,
    SHIM_EVENT_LOST
};

/* What `lost` counts: callbacks by kind, then events of their own. */
enum shim_loss { SHIM_LOSS_AT = SHIM_CALLBACKS, SHIM_LOSS_NETWORK, SHIM_LOSSES };

/* How a callback's client pointer relates to the slots' variables. */
enum shim_client_relation { SHIM_CLIENT_SAME, SHIM_CLIENT_OTHER, SHIM_CLIENT_FOREIGN, SHIM_CLIENT_NULL };

/* Bytes of which an event tells the length, the digest and the beginning. `is_null` for a NULL pointer. */
struct shim_digest {
    bool is_null;
    uint32_t length;
    uint32_t crc32;
    uint16_t kept;
    const uint8_t *bytes;
};

struct shim_event_call {
    uint32_t token;
    uint32_t in; /* 0: not from inside a callback */
    uint8_t fn;
};

struct shim_event_ret {
    uint32_t token;
    int32_t ret;
    int32_t handle;
    uint8_t fn;
};

struct shim_event_enter {
    uint64_t arg;
    int32_t handle;
    int32_t value; /* status, err or pktId */
    uint32_t capture;
    uint8_t cb;
    uint8_t client;
};

/* Whether the bytes that a callback was given are still what they were. */
enum shim_intact { SHIM_INTACT_UNTOLD, SHIM_INTACT_YES, SHIM_INTACT_NO };

struct shim_event_leave {
    uint32_t enter;
    uint8_t cb;
    uint8_t intact;
};

struct shim_event_at {
    uint32_t request;
    bool done;
};

struct shim_event_lost {
    uint32_t counts[SHIM_LOSSES];
};

struct shim_event {
    int64_t t;
    uint8_t kind;
    uint8_t task;
    int8_t slot;
    union {
        struct shim_event_call call;
        struct shim_event_ret ret;
        struct shim_event_enter enter;
        struct shim_event_leave leave;
        struct shim_event_at at;
        struct shim_event_lost lost;
    } as;
    /* The text of onenet_token's ret, why of a reset, line of an at, topic of an inpub, what of a network. */
    struct shim_digest text;
    /* The payload of an inpub, the value of a network. */
    struct shim_digest more;
};

struct shim_digest shim_digest_none(void);
/* All of a short text, without a CRC. */
struct shim_digest shim_digest_text(const char *text, size_t length, size_t limit);
struct shim_digest shim_digest_topic(const char *topic);
struct shim_digest shim_digest_payload(const void *payload, size_t length);
/* Whether the bytes that a digest was made of are still the same. */
bool shim_digest_holds(const struct shim_digest *digest);

/* The longest record. */
#define SHIM_EVENT_BYTES (sizeof(struct shim_event) + SHIM_TOKEN_TEXT_KEPT)
/* Room in a line that is sure to take the JSON of a record of this length: each byte may become six. */
#define SHIM_EVENT_JSON(record_bytes) (320 + 6 * (record_bytes))

/* Bytes of ring that a record takes: known before it happens, for reservations. `text_bytes` at their longest; 0 has no texts. */
size_t shim_event_cost(enum shim_event_kind kind, size_t text_bytes);
#define SHIM_EVENT_INPUB_TEXT (SHIM_TOPIC_KEPT + SHIM_PAYLOAD_KEPT)

/* Appends; paid for from `reserved` bytes, or from free room with 0. Gives the number, 0 without room. */
uint32_t shim_event_append(struct shim_ring *ring, const struct shim_event *event, size_t reserved);
/* The event in a record; its texts point into the record. */
void shim_event_read(struct shim_event *event, const uint8_t *record);
void shim_event_json(struct shim_text *text, const struct shim_event *event, uint32_t seq);

const char *shim_callback_name(enum shim_callback callback);

#endif
