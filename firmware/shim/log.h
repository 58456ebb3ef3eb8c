/* Appending events with the time and task of the place where they happen. All under the lock. */
#ifndef SHIM_LOG_H
#define SHIM_LOG_H

#include "shim.h"

/* Fills in time and task and appends. Gives the number; 0 when no session is open or there is no room. */
uint32_t shim_log(struct shim *shim, struct shim_event *event, size_t reserved);
/* The same for what nothing was reserved for, with `more` bytes of room reserved for later beside it. What finds no room is counted. */
uint32_t shim_log_or_lose(struct shim *shim, struct shim_event *event, size_t more, unsigned loss);
/* Tells what was lost, if there is room now. */
void shim_log_losses(struct shim *shim);

#endif
