/*
 * The event queue: records of any length in a ring of bytes, numbered from 1 without gaps, kept until they are acknowledged. Bytes can be
 * reserved for records that must find room later. A record may wrap round the end, so that room is counted exactly.
 */
#ifndef SHIM_RING_H
#define SHIM_RING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shim_ring {
    uint8_t *at;
    size_t room;
    size_t head; /* where the next record goes */
    size_t used;
    size_t reserved;
    size_t peak;
    uint32_t first; /* number of the oldest record kept; last + 1 when none is */
    uint32_t last;  /* number of the newest record, 0 before the first */
    size_t cursor;  /* of the next record to be sent */
    uint32_t next;  /* its number; last + 1 when all were sent */
};

void shim_ring_init(struct shim_ring *ring, void *at, size_t room);
/* Forgets the records; reservations stay. */
void shim_ring_clear(struct shim_ring *ring);

/* Bytes that a record of `count` bytes takes. */
size_t shim_ring_cost(size_t count);
bool shim_ring_reserve(struct shim_ring *ring, size_t bytes);
void shim_ring_release(struct shim_ring *ring, size_t bytes);

/* Opens a record of exactly `count` bytes, paid for from `reserved` bytes (released whole) or from free room (0). False: no room. */
bool shim_ring_open(struct shim_ring *ring, size_t count, size_t reserved);
/* The next bytes of the record just opened. */
void shim_ring_put(struct shim_ring *ring, const void *bytes, size_t count);

/* Length of the next record to send, 0 when there is none. */
size_t shim_ring_peek(const struct shim_ring *ring);
/* Copies that record and moves on. Gives its number. */
uint32_t shim_ring_take(struct shim_ring *ring, void *bytes);
/* Sends again from this number, or from the oldest kept. Gives the number. */
uint32_t shim_ring_rewind(struct shim_ring *ring, uint32_t from);
/* Drops all up to and including this number. */
void shim_ring_acknowledge(struct shim_ring *ring, uint32_t up_to);

#endif
