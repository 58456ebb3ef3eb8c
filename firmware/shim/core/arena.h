/*
 * Memory for the arguments of calls, from one piece. A block that was let go stays as it is until its place is needed, the one let go
 * longest ago first: firmware that still looks at an argument when it no longer should then sees what it was given.
 */
#ifndef SHIM_ARENA_H
#define SHIM_ARENA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SHIM_BLOCKS 256

struct shim_block {
    size_t offset;
    size_t size;
    uint32_t number;
    uint32_t let_go; /* 0: in use */
};

struct shim_arena {
    uint8_t *at;
    size_t room;
    uint32_t counter;
    unsigned count;
    struct shim_block blocks[SHIM_BLOCKS]; /* by rising offset */
};

void shim_arena_init(struct shim_arena *arena, void *at, size_t room);
/* Memory aligned for anything, and the block's number; NULL without room. */
void *shim_arena_take(struct shim_arena *arena, size_t size, uint32_t *number);
void shim_arena_let_go(struct shim_arena *arena, uint32_t number);

#endif
