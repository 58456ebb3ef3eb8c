/* Reactions: calls to make from inside a callback (docs/protocol.md §5.2). Under the lock. */
#ifndef SHIM_REACTIONS_H
#define SHIM_REACTIONS_H

#include "shim.h"

/* Takes the calls of the oldest reaction that is armed for this; gives their count, 0 when none is. */
unsigned shim_reactions_fire(struct shim *shim, int slot, enum shim_callback cb, struct shim_call *calls[SHIM_REACTION_CALLS]);
/* A place for a reaction, NULL when all are armed. */
struct shim_reaction *shim_reactions_claim(struct shim *shim);
struct shim_reaction *shim_reactions_find(struct shim *shim, uint32_t number);
/* Drops the calls that it has not made. */
void shim_reactions_disarm(struct shim *shim, struct shim_reaction *reaction);
void shim_reactions_clear(struct shim *shim);

#endif
