#include "ring.h"

size_t qlv_ring_put(struct qlv_ring *ring, const unsigned char *bytes, size_t count)
{
    size_t put = 0;
    while (put < count && ring->used < ring->size) {
        ring->room[(ring->first + ring->used) % ring->size] = bytes[put++];
        ring->used++;
    }
    return put;
}

size_t qlv_ring_peek(const struct qlv_ring *ring, unsigned char *bytes, size_t room)
{
    size_t seen = 0;
    while (seen < room && seen < ring->used) {
        bytes[seen] = ring->room[(ring->first + seen) % ring->size];
        seen++;
    }
    return seen;
}

void qlv_ring_drop(struct qlv_ring *ring, size_t count)
{
    ring->first = (ring->first + count) % ring->size;
    ring->used -= count;
}

size_t qlv_ring_take(struct qlv_ring *ring, unsigned char *bytes, size_t room)
{
    const size_t taken = qlv_ring_peek(ring, bytes, room);
    qlv_ring_drop(ring, taken);
    return taken;
}
