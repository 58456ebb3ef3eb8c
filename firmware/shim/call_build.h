/* A call while it is being put together from its params. */
#ifndef SHIM_CALL_BUILD_H
#define SHIM_CALL_BUILD_H

#include "core/argument.h"
#include "shim.h"

/* Not given: a number that is 0 is another thing than one for which this SDK has no field. */
#define SHIM_NOT_GIVEN INT64_MIN

/* What is built, and where what is wrong is told. */
struct shim_build {
    struct shim_builder builder;
    const struct shim_json *json;
    struct shim_misfit *misfit;
    enum shim_error error;
};

/* Tells what is wrong, of which member unless NULL; false, so that a builder can return it. */
bool shim_refuse(struct shim_build *build, enum shim_error error, const char *name);
/* INVALID_PARAMS that names this member. */
enum shim_error shim_refuse_member(struct shim_build *build, const char *name);
/* A string argument; NULL for a null or absent one, and while measuring. */
bool shim_build_text(struct shim_build *build, int value, const char *name, char **bytes);
/* An object's members; `name` is the member that ought to be an object. */
bool shim_build_take(struct shim_build *build, int value, const char *name, const struct shim_member *members, int count, void *into);

/* connect's `info`, with its strings and its `ssl`. */
bool shim_build_info(struct shim_build *build, int value, const struct mqtt_connect_client_info_t **built);
/* Which client pointer the call passes. Under the lock. */
bool shim_build_client(struct shim *shim, struct shim_build *build, int value, struct shim_call *call);

#endif
