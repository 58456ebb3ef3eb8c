#include "ring.h"

#include <string.h>

/* Before each record stand its length's two bytes. */
#define PREFIX 2

void shim_ring_init(struct shim_ring *ring, void *at, size_t room)
{
    *ring = (struct shim_ring){.at = at, .room = room};
    shim_ring_clear(ring);
}

void shim_ring_clear(struct shim_ring *ring)
{
    ring->head = 0;
    ring->used = 0;
    ring->peak = 0;
    ring->first = 1;
    ring->last = 0;
    ring->cursor = 0;
    ring->next = 1;
}

size_t shim_ring_cost(size_t count)
{
    return count + PREFIX;
}

bool shim_ring_reserve(struct shim_ring *ring, size_t bytes)
{
    if (bytes > ring->room - ring->used - ring->reserved)
        return false;
    ring->reserved += bytes;
    return true;
}

void shim_ring_release(struct shim_ring *ring, size_t bytes)
{
    ring->reserved -= bytes;
}

static void copy_in(struct shim_ring *ring, const uint8_t *bytes, size_t count)
{
    size_t to_end = ring->room - ring->head;
    size_t whole = count < to_end ? count : to_end;
    memcpy(ring->at + ring->head, bytes, whole);
    memcpy(ring->at, bytes + whole, count - whole);
    ring->head = (ring->head + count) % ring->room;
}

static void copy_out(const struct shim_ring *ring, size_t from, uint8_t *bytes, size_t count)
{
    size_t to_end = ring->room - from;
    size_t whole = count < to_end ? count : to_end;
    memcpy(bytes, ring->at + from, whole);
    memcpy(bytes + whole, ring->at, count - whole);
}

static size_t length_at(const struct shim_ring *ring, size_t from)
{
    uint8_t prefix[PREFIX];
    copy_out(ring, from, prefix, PREFIX);
    return (size_t)(prefix[0] | prefix[1] << 8);
}

bool shim_ring_open(struct shim_ring *ring, size_t count, size_t reserved)
{
    size_t cost = shim_ring_cost(count);
    if (cost > ring->room - ring->used - (ring->reserved - reserved))
        return false;
    ring->reserved -= reserved;
    ring->used += cost;
    if (ring->used > ring->peak)
        ring->peak = ring->used;
    ring->last++;
    const uint8_t prefix[PREFIX] = {(uint8_t)(count & 255), (uint8_t)(count >> 8)};
    copy_in(ring, prefix, PREFIX);
    return true;
}

void shim_ring_put(struct shim_ring *ring, const void *bytes, size_t count)
{
    copy_in(ring, bytes, count);
}

size_t shim_ring_peek(const struct shim_ring *ring)
{
    return ring->next > ring->last ? 0 : length_at(ring, ring->cursor);
}

uint32_t shim_ring_take(struct shim_ring *ring, void *bytes)
{
    size_t count = length_at(ring, ring->cursor);
    copy_out(ring, (ring->cursor + PREFIX) % ring->room, bytes, count);
    ring->cursor = (ring->cursor + shim_ring_cost(count)) % ring->room;
    return ring->next++;
}

static size_t oldest(const struct shim_ring *ring)
{
    return (ring->head + ring->room - ring->used) % ring->room;
}

uint32_t shim_ring_rewind(struct shim_ring *ring, uint32_t from)
{
    if (from > ring->last)
        from = ring->last + 1;
    ring->next = ring->first;
    ring->cursor = oldest(ring);
    while (ring->next < from) {
        ring->cursor = (ring->cursor + shim_ring_cost(length_at(ring, ring->cursor))) % ring->room;
        ring->next++;
    }
    return ring->next;
}

void shim_ring_acknowledge(struct shim_ring *ring, uint32_t up_to)
{
    while (ring->first <= up_to && ring->first <= ring->last) {
        size_t cost = shim_ring_cost(length_at(ring, oldest(ring)));
        ring->used -= cost;
        ring->first++;
    }
    if (ring->next < ring->first) {
        ring->next = ring->first;
        ring->cursor = oldest(ring);
    }
}
