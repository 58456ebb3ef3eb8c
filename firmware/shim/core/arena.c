#include "arena.h"

#include <string.h>

#define ALIGNMENT 16

void shim_arena_init(struct shim_arena *arena, void *at, size_t room)
{
    arena->at = at;
    arena->room = room;
    arena->counter = 0;
    arena->count = 0;
}

/* Where in the table a block of this size fits, with its offset; -1 when nowhere. */
static int find_gap(const struct shim_arena *arena, size_t size, size_t *offset)
{
    *offset = 0;
    if (arena->count == SHIM_BLOCKS)
        return -1;
    for (unsigned i = 0; i < arena->count; i++) {
        if (arena->blocks[i].offset - *offset >= size)
            return (int)i;
        *offset = arena->blocks[i].offset + arena->blocks[i].size;
    }
    return arena->room - *offset >= size ? (int)arena->count : -1;
}

static bool drop_oldest(struct shim_arena *arena)
{
    unsigned oldest = arena->count;
    for (unsigned i = 0; i < arena->count; i++) {
        uint32_t let_go = arena->blocks[i].let_go;
        if (let_go != 0 && (oldest == arena->count || let_go < arena->blocks[oldest].let_go))
            oldest = i;
    }
    if (oldest == arena->count)
        return false;
    arena->count--;
    memmove(&arena->blocks[oldest], &arena->blocks[oldest + 1], (arena->count - oldest) * sizeof arena->blocks[0]);
    return true;
}

void *shim_arena_take(struct shim_arena *arena, size_t size, uint32_t *number)
{
    size = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    if (size > arena->room)
        return NULL;
    size_t offset;
    int place;
    while ((place = find_gap(arena, size, &offset)) < 0)
        if (!drop_oldest(arena))
            return NULL;
    memmove(&arena->blocks[place + 1], &arena->blocks[place], (arena->count - (unsigned)place) * sizeof arena->blocks[0]);
    *number = ++arena->counter;
    arena->blocks[place] = (struct shim_block){.offset = offset, .size = size, .number = *number};
    arena->count++;
    return arena->at + offset;
}

void shim_arena_let_go(struct shim_arena *arena, uint32_t number)
{
    for (unsigned i = 0; i < arena->count; i++)
        if (arena->blocks[i].number == number)
            arena->blocks[i].let_go = ++arena->counter;
}
