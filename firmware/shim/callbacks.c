#include "callbacks.h"

#include "calls.h"
#include "log.h"
#include "reactions.h"

/* What a callback must remember from its enter to its leave. */
struct entered {
    uint8_t cb;
    uint32_t session;
    uint32_t seq; /* 0: there was no room to tell of it */
    unsigned calls_count;
    struct shim_call *calls[SHIM_REACTION_CALLS];
    uint8_t calls_fn[SHIM_REACTION_CALLS]; /* a call that was made is not ours any more */
};

/* What a callback was given. */
struct given {
    mqtt_client_t *client;
    void *arg;
    int value;
    struct shim_digest topic;
    struct shim_digest payload;
};

static size_t reserved_for(struct shim *shim, const struct given *given, enum shim_callback cb)
{
    struct shim_call *call = shim_calls_find(shim, (uint64_t)(uintptr_t)given->arg, cb);
    return call == NULL ? 0 : shim_calls_entered(shim, call);
}

/* Appends the enter, with room reserved for its leave. */
static uint32_t log_enter(struct shim *shim, struct shim_event *event, size_t reserved)
{
    size_t leave = shim_event_cost(SHIM_EVENT_LEAVE, 0);
    if (!shim->session.is_open) {
        shim_ring_release(&shim->events, reserved);
        return 0;
    }
    if (reserved > 0)
        return shim_log(shim, event, reserved - leave);
    return shim_log_or_lose(shim, event, leave, event->as.enter.cb);
}

static struct entered enter(enum shim_callback cb, const struct given *given)
{
    struct shim *shim = &shim_the;
    struct entered entered = {.cb = (uint8_t)cb};
    struct shim_event event = {
        .kind = SHIM_EVENT_ENTER,
        .as.enter =
            {
                .arg = (uint64_t)(uintptr_t)given->arg,
                .handle = given->client == NULL ? 0 : *given->client,
                .value = given->value,
                .cb = (uint8_t)cb,
            },
        .text = given->topic,
        .more = given->payload,
    };
    shim_lock(shim);
    enum shim_client_relation relation;
    int slot = shim_slot_of(shim, given->client, &relation);
    event.slot = (int8_t)slot;
    event.as.enter.client = (uint8_t)relation;
    if (!given->payload.is_null && shim->session.is_open)
        event.as.enter.capture = shim_captures_put(&shim->captures, given->payload.bytes, given->payload.length);
    entered.seq = log_enter(shim, &event, reserved_for(shim, given, cb));
    entered.session = shim->session.number;
    entered.calls_count = shim_reactions_fire(shim, slot, cb, entered.calls);
    for (unsigned i = 0; i < entered.calls_count; i++)
        entered.calls_fn[i] = (uint8_t)entered.calls[i]->fn;
    shim_unlock(shim);
    return entered;
}

/* A client that was released inside its callback takes the message with it: then there is nothing to look at. */
static enum shim_intact intact_of(const struct entered *entered, const struct given *given)
{
    if (entered->cb != SHIM_CB_INPUB)
        return SHIM_INTACT_UNTOLD;
    for (unsigned i = 0; i < entered->calls_count; i++)
        if (entered->calls_fn[i] == SHIM_FN_deinit)
            return SHIM_INTACT_UNTOLD;
    return shim_digest_holds(&given->topic) && shim_digest_holds(&given->payload) ? SHIM_INTACT_YES : SHIM_INTACT_NO;
}

static void leave(const struct entered *entered, const struct given *given)
{
    struct shim *shim = &shim_the;
    for (unsigned i = 0; i < entered->calls_count; i++)
        shim_calls_make(shim, entered->calls[i], entered->seq);
    if (entered->seq == 0)
        return;
    struct shim_event event = {
        .kind = SHIM_EVENT_LEAVE,
        .slot = -1,
        .as.leave = {.enter = entered->seq, .cb = entered->cb, .intact = (uint8_t)intact_of(entered, given)},
    };
    size_t reserved = shim_event_cost(SHIM_EVENT_LEAVE, 0);
    shim_lock(shim);
    /* In a session that began meanwhile, the number of its enter means another event. */
    if (entered->session == shim->session.number)
        shim_log(shim, &event, reserved);
    else
        shim_ring_release(&shim->events, reserved);
    shim_unlock(shim);
}

static void report(enum shim_callback cb, const struct given *given)
{
    struct entered entered = enter(cb, given);
    leave(&entered, given);
}

static struct given plain(mqtt_client_t *client, void *arg, int value)
{
    return (struct given){.client = client, .arg = arg, .value = value, .topic = shim_digest_none(), .payload = shim_digest_none()};
}

void shim_on_connect(mqtt_client_t *client, void *arg, mqtt_connection_status_e status)
{
    struct given given = plain(client, arg, (int)status);
    report(SHIM_CB_CONNECT, &given);
}

void shim_on_request(mqtt_client_t *client, void *arg, int err)
{
    struct given given = plain(client, arg, err);
    report(SHIM_CB_REQUEST, &given);
}

void shim_on_disconnect(mqtt_client_t *client, void *arg, int err)
{
    struct given given = plain(client, arg, err);
    report(SHIM_CB_DISCONNECT, &given);
}

void shim_on_inpub(mqtt_client_t *client, void *arg, int pkt_id, const char *topic, const unsigned char *payload,
                   unsigned short payload_len)
{
    struct given given = plain(client, arg, pkt_id);
    given.topic = shim_digest_topic(topic);
    given.payload = shim_digest_payload(payload, payload_len);
    report(SHIM_CB_INPUB, &given);
}

void shim_on_exception(mqtt_client_t *client)
{
    struct given given = plain(client, NULL, 0);
    report(SHIM_CB_EXCEPTION, &given);
}
