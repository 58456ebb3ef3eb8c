#include "calls.h"

#include <stdlib.h>
#include <string.h>

#include "callbacks.h"
#include "log.h"

void shim_calls_drop(struct shim *shim, struct shim_call *call)
{
    shim_ring_release(&shim->events, call->reserved_call + call->reserved_ret + call->reserved_callback);
    if (call->block != 0)
        shim_arena_let_go(&shim->arena, call->block);
    call->state = SHIM_CALL_FREE;
}

enum shim_error shim_calls_admit(struct shim *shim, unsigned slot, unsigned more)
{
    if (shim_slot_state(shim, slot) == SHIM_SLOT_WEDGED)
        return SHIM_ERROR_SLOT_WEDGED;
    return shim->slots[slot].count + more > SHIM_SLOT_WAITING ? SHIM_ERROR_BUSY : SHIM_OK;
}

void shim_calls_enqueue(struct shim *shim, struct shim_call *call)
{
    struct shim_slot *slot = &shim->slots[call->slot];
    slot->waiting[(slot->head + slot->count++) % SHIM_SLOT_WAITING] = call;
    ql_rtos_semaphore_release(slot->work);
}

static struct shim_call *next(struct shim *shim, unsigned number)
{
    struct shim_slot *slot = &shim->slots[number];
    if (slot->count == 0)
        return NULL;
    struct shim_call *call = slot->waiting[slot->head];
    slot->head = (slot->head + 1) % SHIM_SLOT_WAITING;
    slot->count--;
    /* So that nobody takes it for one that still waits. */
    call->state = SHIM_CALL_RUNNING;
    call->began_ms = ql_rtos_up_time_ms();
    return call;
}

void shim_calls_drop_waiting(struct shim *shim)
{
    for (unsigned i = 0; i < SHIM_SLOTS; i++)
        shim->slots[i].count = 0;
    for (unsigned i = 0; i < SHIM_CALLS; i++)
        if (shim->calls[i].state == SHIM_CALL_WAITING)
            shim_calls_drop(shim, &shim->calls[i]);
}

static int make_token(const struct shim_arguments *a, char **text)
{
#if HAVE_ONENET_TOKEN
    *text = ql_mqtt_onenet_generate_auth_token(a->expire_time, a->onenet[0], a->onenet[1], a->onenet[2], a->onenet[3]);
#else
    (void)a;
#endif
    return *text != NULL;
}

static int set_option(const struct shim_call *call)
{
#if HAVE_SETOPT
    return ql_mqtt_client_setopt(call->client, call->arguments.option, (int)call->arguments.value);
#else
    (void)call;
    return 0;
#endif
}

static int invoke(const struct shim_call *call, char **text)
{
    const struct shim_arguments *a = &call->arguments;
    void *arg = (void *)(uintptr_t)call->token;
    switch (call->fn) {
    case SHIM_FN_init:
        return ql_mqtt_client_init(call->client, a->cid);
    case SHIM_FN_connect:
        return ql_mqtt_connect(call->client, a->text, a->cb ? shim_on_connect : NULL, arg, a->info,
                               a->exception_cb ? shim_on_exception : NULL);
    case SHIM_FN_publish:
        return ql_mqtt_publish(call->client, a->text, a->payload, a->length, a->qos, a->flag, a->cb ? shim_on_request : NULL, arg);
    case SHIM_FN_sub_unsub:
        return ql_mqtt_sub_unsub(call->client, a->text, a->qos, a->cb ? shim_on_request : NULL, arg, a->flag);
    case SHIM_FN_disconnect:
        return ql_mqtt_disconnect(call->client, a->cb ? shim_on_disconnect : NULL, arg);
    case SHIM_FN_set_inpub_callback:
        return ql_mqtt_set_inpub_callback(call->client, a->cb ? shim_on_inpub : NULL, arg);
    case SHIM_FN_is_connected:
        return ql_mqtt_client_is_connected(call->client);
    case SHIM_FN_deinit:
        return ql_mqtt_client_deinit(call->client);
    case SHIM_FN_onenet_token:
        return make_token(a, text);
    default:
        return set_option(call);
    }
}

static void log_call(struct shim *shim, struct shim_call *call, uint32_t in)
{
    struct shim_event event = {
        .kind = SHIM_EVENT_CALL,
        .slot = (int8_t)call->slot,
        .as.call = {.token = call->token, .in = in, .fn = call->fn},
    };
    size_t reserved = call->reserved_call;
    call->reserved_call = 0;
    shim_log(shim, &event, reserved);
}

static void log_ret(struct shim *shim, struct shim_call *call, int ret, const char *text)
{
    struct shim_event event = {
        .kind = SHIM_EVENT_RET,
        .slot = (int8_t)call->slot,
        .as.ret = {.token = call->token, .ret = ret, .handle = call->client == NULL ? 0 : *call->client, .fn = call->fn},
        .text = text == NULL ? shim_digest_none() : shim_digest_text(text, strlen(text), SHIM_TOKEN_TEXT_KEPT),
        .more = shim_digest_none(),
    };
    size_t reserved = call->reserved_ret;
    call->reserved_ret = 0;
    shim_log(shim, &event, reserved);
}

/* No callback comes for what a client was asked to do before it was deinitialised. */
static void drop_pending(struct shim *shim, int target)
{
    for (unsigned i = 0; i < SHIM_CALLS; i++)
        if (shim->calls[i].state == SHIM_CALL_PENDING && shim->calls[i].target == target)
            shim_calls_drop(shim, &shim->calls[i]);
}

static void note_client(struct shim *shim, const struct shim_call *call, int ret)
{
    if (call->target < 0 || ret != MQTTCLIENT_SUCCESS)
        return;
    if (call->fn == SHIM_FN_init)
        shim->slots[call->target].is_open = true;
    if (call->fn != SHIM_FN_deinit)
        return;
    shim->slots[call->target].is_open = false;
    drop_pending(shim, call->target);
}

void shim_calls_make(struct shim *shim, struct shim_call *call, uint32_t in)
{
    char *text = NULL;
    shim_lock(shim);
    call->state = SHIM_CALL_RUNNING;
    call->began_ms = ql_rtos_up_time_ms();
    log_call(shim, call, in);
    shim_unlock(shim);

    int ret = invoke(call, &text);

    if (call->poison && call->memory != NULL)
        memset(call->memory, 0xa5, call->memory_bytes);
    shim_lock(shim);
    log_ret(shim, call, ret, text);
    note_client(shim, call, ret);
    bool callback_may_come = call->reserved_callback > 0 && (ret == MQTTCLIENT_SUCCESS || ret == MQTTCLIENT_WOUNDBLOCK);
    if (callback_may_come)
        call->state = SHIM_CALL_PENDING;
    else
        shim_calls_drop(shim, call);
    shim_log_losses(shim);
    shim_unlock(shim);
    /* The SDK's string, and the SDK says who frees it. */
    free(text);
}

bool shim_calls_step(struct shim *shim, unsigned slot)
{
    shim_lock(shim);
    struct shim_call *call = next(shim, slot);
    shim_unlock(shim);
    if (call != NULL)
        shim_calls_make(shim, call, 0);
    return call != NULL;
}

static const uint8_t callback_of[] = {
#define FUNCTION(name, method, callback) SHIM_CB_##callback,
#include "functions.def"
#undef FUNCTION
};

struct shim_call *shim_calls_find(struct shim *shim, uint64_t arg, enum shim_callback cb)
{
    for (unsigned i = 0; i < SHIM_CALLS; i++) {
        struct shim_call *call = &shim->calls[i];
        bool awaits = (call->state == SHIM_CALL_RUNNING || call->state == SHIM_CALL_PENDING) && call->reserved_callback > 0;
        if (awaits && call->token == arg && callback_of[call->fn] == cb)
            return call;
    }
    return NULL;
}

size_t shim_calls_entered(struct shim *shim, struct shim_call *call)
{
    size_t reserved = call->reserved_callback;
    call->reserved_callback = 0;
    if (call->state == SHIM_CALL_PENDING)
        shim_calls_drop(shim, call);
    return reserved;
}
