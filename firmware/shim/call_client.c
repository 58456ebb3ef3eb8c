/* The client pointer of a call. */
#include <stddef.h>

#include "call_build.h"

/* A variable with this value, that stays where it is: firmware may keep the pointer. */
static mqtt_client_t *value_variable(struct shim *shim, mqtt_client_t value)
{
    for (unsigned i = 0; i < SHIM_VALUES; i++)
        if (shim->values[i] == value)
            return &shim->values[i];
    mqtt_client_t *variable = &shim->values[shim->next_value++ % SHIM_VALUES];
    *variable = value;
    return variable;
}

struct client_params {
    int64_t slot;
    int64_t value;
};

static const struct shim_member client_members[] = {
    {"slot", SHIM_MEMBER_INT, false, offsetof(struct client_params, slot), 0, SHIM_SLOTS - 1},
    {"value", SHIM_MEMBER_INT, false, offsetof(struct client_params, value), INT32_MIN, INT32_MAX},
};

bool shim_build_client(struct shim *shim, struct shim_build *build, int value, struct shim_call *call)
{
    call->target = (int8_t)call->slot;
    call->client = &shim->slots[call->slot].client;
    if (value == SHIM_ABSENT || shim_json_equals(build->json, value, "own"))
        return true;
    call->target = -1;
    call->client = NULL;
    if (shim_json_equals(build->json, value, "null"))
        return true;
    struct client_params params = {.slot = -1, .value = SHIM_NOT_GIVEN};
    if (!shim_build_take(build, value, "client", SHIM_MEMBERS(client_members), &params))
        return false;
    if ((params.slot < 0) == (params.value == SHIM_NOT_GIVEN))
        return shim_refuse(build, SHIM_ERROR_INVALID_PARAMS, "client");
    if (params.slot < 0) {
        call->client = value_variable(shim, (mqtt_client_t)params.value);
        return true;
    }
    call->target = (int8_t)params.slot;
    call->client = &shim->slots[params.slot].client;
    return true;
}
