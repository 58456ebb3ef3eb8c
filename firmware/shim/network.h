/* The data call and the registration: brought up at start and on request, watched for changes. All but the handlers on the job task. */
#ifndef SHIM_NETWORK_H
#define SHIM_NETWORK_H

#include "shim.h"

/* Waits for the registration and makes the data call, unless somebody asks for something first. */
void shim_network_start(struct shim *shim);
/* Does the job that is set, if any, and tells what changed since the last time. */
void shim_network_step(struct shim *shim);

#endif
