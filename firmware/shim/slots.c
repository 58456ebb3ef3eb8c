#include "calls.h"

enum shim_slot_state shim_slot_state(const struct shim *shim, unsigned slot)
{
    int64_t now = ql_rtos_up_time_ms();
    bool is_busy = false;
    for (unsigned i = 0; i < SHIM_CALLS; i++) {
        const struct shim_call *call = &shim->calls[i];
        if (call->state != SHIM_CALL_RUNNING || call->slot != slot)
            continue;
        if (now - call->began_ms > SHIM_WEDGED_MS)
            return SHIM_SLOT_WEDGED;
        is_busy = true;
    }
    if (is_busy)
        return SHIM_SLOT_BUSY;
    return shim->slots[slot].is_open ? SHIM_SLOT_OPEN : SHIM_SLOT_FREE;
}

int shim_slot_of(const struct shim *shim, const mqtt_client_t *client, enum shim_client_relation *relation)
{
    *relation = SHIM_CLIENT_NULL;
    if (client == NULL)
        return -1;
    *relation = SHIM_CLIENT_SAME;
    for (int i = 0; i < SHIM_SLOTS; i++)
        if (client == &shim->slots[i].client)
            return i;
    *relation = SHIM_CLIENT_OTHER;
    for (int i = 0; i < SHIM_SLOTS; i++)
        if (shim->slots[i].is_open && shim->slots[i].client == *client)
            return i;
    *relation = SHIM_CLIENT_FOREIGN;
    return -1;
}
