/*
 * The kept answers: which requests of the session were seen, and what was answered (docs/protocol.md §2). Beside it the outbox: which
 * answers the writer is to send, in order.
 */
#ifndef SHIM_ANSWERS_H
#define SHIM_ANSWERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "../limits.h"

struct shim_answer {
    uint32_t id; /* 0: the place is free */
    uint16_t length;
    bool done;
    char *text;
};

/* One answer to send: a kept one, that to hello, or an error that is kept nowhere. */
struct shim_outgoing {
    enum { SHIM_SEND_KEPT, SHIM_SEND_HELLO, SHIM_SEND_ERROR } what;
    uint32_t id;      /* 0: null */
    int32_t error;
    const char *data; /* of the error, or NULL */
    bool in_batch;
    bool closes; /* it is the last of its batch */
};

struct shim_answers {
    struct shim_answer kept[SHIM_ANSWERS_KEPT];
    struct shim_answer hello; /* to the newest hello; not part of the window, because ids may start anew with it */
    uint32_t floor; /* the highest id that is no longer kept */
    struct shim_outgoing outbox[SHIM_OUTBOX];
    unsigned out_head;
    unsigned out_count;
};

enum shim_seen {
    SHIM_SEEN_NEVER,   /* begun: *answer is a place for its answer */
    SHIM_SEEN_RUNNING, /* it will be answered when it is done */
    SHIM_SEEN_DONE,    /* *answer is its answer */
    SHIM_SEEN_TOO_OLD
};

/* `texts` has SHIM_ANSWER_TEXTS bytes. */
#define SHIM_ANSWER_TEXTS ((SHIM_ANSWERS_KEPT + 1) * SHIM_ANSWER_BYTES)
void shim_answers_init(struct shim_answers *answers, char *texts);
/* Forgets ids and answers, and what was to be sent. */
void shim_answers_clear(struct shim_answers *answers);
void shim_outbox_clear(struct shim_answers *answers);
/* Looks the id up and, if it was never seen, notes it as in progress. */
enum shim_seen shim_answers_begin(struct shim_answers *answers, uint32_t id, struct shim_answer **answer);
struct shim_answer *shim_answers_find(struct shim_answers *answers, uint32_t id);

/* How many answers wait to be sent. */
unsigned shim_outbox_count(const struct shim_answers *answers);
/* False when it is full: then the answer waits for the host to ask again. */
bool shim_outbox_put(struct shim_answers *answers, struct shim_outgoing outgoing);
bool shim_outbox_take(struct shim_answers *answers, struct shim_outgoing *outgoing);

#endif
