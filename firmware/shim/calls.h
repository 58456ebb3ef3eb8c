/* Calls of ql_mqtt_* functions: from the request to the return. */
#ifndef SHIM_CALLS_H
#define SHIM_CALLS_H

#include "core/members.h"
#include "shim.h"

/* Which function a method calls, SHIM_FUNCTIONS if none. */
enum shim_function shim_calls_function(const struct shim_json *json, int method);
/* A call as it is asked for. */
struct shim_call_wish {
    enum shim_function fn;
    const struct shim_json *json;
    int params;
    int default_slot; /* where params name none; -1: they must */
    bool is_again;    /* its token may be one that another call holds */
    struct shim_misfit *misfit;
};

/* Takes the params apart and sets everything aside that the call needs. */
enum shim_error shim_calls_prepare(struct shim *shim, const struct shim_call_wish *wish, struct shim_call **call);
/* Gives back all that a call holds. Under the lock. */
void shim_calls_drop(struct shim *shim, struct shim_call *call);
/* SHIM_OK when the slot takes so many more calls. Under the lock. */
enum shim_error shim_calls_admit(struct shim *shim, unsigned slot, unsigned more);
/* Under the lock. */
void shim_calls_enqueue(struct shim *shim, struct shim_call *call);
/* Makes the call that waits longest on the slot; false when none does. The slot's worker's. */
bool shim_calls_step(struct shim *shim, unsigned slot);
/* Makes the call, with its events. `in` is the number of the callback that it is made from, 0 for none. Not under the lock. */
void shim_calls_make(struct shim *shim, struct shim_call *call, uint32_t in);
/* Drops the calls that no worker has begun. Under the lock. */
void shim_calls_drop_waiting(struct shim *shim);
/* The call whose callback this is, if its callback is still to come. Under the lock. */
struct shim_call *shim_calls_find(struct shim *shim, uint64_t arg, enum shim_callback cb);
/* Its callback has come: what it held for that is given to the callback. Under the lock. */
size_t shim_calls_entered(struct shim *shim, struct shim_call *call);

enum shim_slot_state { SHIM_SLOT_FREE, SHIM_SLOT_OPEN, SHIM_SLOT_BUSY, SHIM_SLOT_WEDGED };
enum shim_slot_state shim_slot_state(const struct shim *shim, unsigned slot);
/* The slot that a client pointer belongs to, -1 if none, and how. Under the lock. */
int shim_slot_of(const struct shim *shim, const mqtt_client_t *client, enum shim_client_relation *relation);

#endif
