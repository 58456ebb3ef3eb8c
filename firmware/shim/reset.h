/* The announced reset. */
#ifndef SHIM_RESET_H
#define SHIM_RESET_H

#include "shim.h"

/* Whether a reset was asked for and need not wait any longer for the host to have its event. */
bool shim_reset_is_ready(struct shim *shim);

#endif
