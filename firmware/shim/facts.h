/* What the module tells of itself, as JSON. */
#ifndef SHIM_FACTS_H
#define SHIM_FACTS_H

#include "core/text.h"
#include "shim.h"

/* Members of hello's result, each with a comma in front. */
void shim_put_boot(const struct shim *shim, struct shim_text *text);
void shim_put_sdk(struct shim_text *text);
void shim_put_module(struct shim_text *text);

/* Values. */
void shim_put_heap(struct shim_text *text);
void shim_put_tasks(struct shim_text *text);
/* A member of its own, with its comma; nothing where the SDK does not tell. */
void shim_put_cpu(struct shim_text *text);

#endif
