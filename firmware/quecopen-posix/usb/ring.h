/* A ring of bytes between two tasks; the caller holds a lock. */
#ifndef QLV_RING_H
#define QLV_RING_H

#include <stddef.h>

struct qlv_ring {
    unsigned char *room;
    size_t size;
    size_t first;
    size_t used;
};

/* Bytes taken in, which may be fewer than offered. */
size_t qlv_ring_put(struct qlv_ring *ring, const unsigned char *bytes, size_t count);
/* Copies the oldest bytes out without removing them. */
size_t qlv_ring_peek(const struct qlv_ring *ring, unsigned char *bytes, size_t room);
void qlv_ring_drop(struct qlv_ring *ring, size_t count);
size_t qlv_ring_take(struct qlv_ring *ring, unsigned char *bytes, size_t room);

#endif
