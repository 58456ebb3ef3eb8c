/* The AT tunnel: commands to a virtual AT port, its answer's lines as events. */
#ifndef SHIM_AT_TUNNEL_H
#define SHIM_AT_TUNNEL_H

#include "shim.h"

/* Opens the virtual port, before any task runs. False: this module has none. */
bool shim_at_open(struct shim *shim);
/* Takes what the port brings, or waits at most `wait_ms` for something. Called by the tunnel's task in a loop. */
void shim_at_step(struct shim *shim, uint32_t wait_ms);

#endif
