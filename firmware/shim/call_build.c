#include "call_build.h"

bool shim_refuse(struct shim_build *build, enum shim_error error, const char *name)
{
    build->error = error;
    if (name != NULL)
        shim_misfit_set(build->misfit, name);
    return false;
}

enum shim_error shim_refuse_member(struct shim_build *build, const char *name)
{
    shim_refuse(build, SHIM_ERROR_INVALID_PARAMS, name);
    return build->error;
}

bool shim_build_text(struct shim_build *build, int value, const char *name, char **bytes)
{
    size_t length;
    return shim_builder_string(&build->builder, build->json, value, bytes, &length) || shim_refuse(build, SHIM_ERROR_INVALID_PARAMS, name);
}

bool shim_build_take(struct shim_build *build, int value, const char *name, const struct shim_member *members, int count, void *into)
{
    if (!shim_json_is_object(build->json, value))
        return shim_refuse(build, SHIM_ERROR_INVALID_PARAMS, name);
    return shim_members_take(build->json, value, members, count, into, build->misfit) || shim_refuse(build, SHIM_ERROR_INVALID_PARAMS, NULL);
}
