#define _POSIX_C_SOURCE 200809L
#include "events.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <time.h>

#include "client.h"
#include "connection.h"
#include "defects.h"
#include "engine.h"
#include "options.h"

static struct mq_event *first;
static struct mq_event **last = &first;
static pthread_cond_t posted = PTHREAD_COND_INITIALIZER;
static pthread_cond_t returned;
static pthread_t own_task;
static bool own_task_runs;
/* The callback that is being made. */
static struct mq_client *calling;
static enum mq_event_kind calling_kind;

void mq_events_init(void)
{
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&returned, &monotonic);
    pthread_condattr_destroy(&monotonic);
}

/* The end, or where messages that wait are overtaken. */
static struct mq_event **place_for(const struct mq_event *event)
{
    if (mq_defect(MQ_DEFECT_MESSAGES_REORDERED) && event->kind == MQ_EVENT_MESSAGE)
        for (struct mq_event **link = &first; *link != NULL; link = &(*link)->next)
            if ((*link)->kind == MQ_EVENT_MESSAGE && (*link)->client == event->client)
                return link;
    return last;
}

static void enqueue(struct mq_event *event)
{
    struct mq_event **link = place_for(event);
    event->next = *link;
    *link = event;
    if (event->next == NULL)
        last = &event->next;
}

void mq_events_post(struct mq_event *event, int result)
{
    event->result = result;
    event->queued = true;
    enqueue(event);
    event->client->under_way++;
    pthread_cond_signal(&posted);
}

static struct mq_event *take_first(void)
{
    struct mq_event *event = first;
    first = event->next;
    if (first == NULL)
        last = &first;
    event->queued = false;
    return event;
}

/* Most events are part of their client; a message is its own. */
static void dispose(struct mq_event *event)
{
    if (event->kind == MQ_EVENT_MESSAGE)
        free(event);
}

void mq_events_purge(struct mq_client *client)
{
    struct mq_event **link = &first;
    while (*link != NULL) {
        struct mq_event *event = *link;
        if (event->client != client) {
            link = &event->next;
            continue;
        }
        *link = event->next;
        event->queued = false;
        client->under_way--;
        dispose(event);
    }
    last = link;
}

static bool wait_until(const struct timespec *end)
{
    return pthread_cond_timedwait(&returned, mq_engine_mutex(), end) != ETIMEDOUT;
}

bool mq_events_drain(const struct mq_client *client, int64_t for_ms)
{
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &end);
    end.tv_sec += (time_t)(for_ms / 1000);
    end.tv_nsec += (long)(for_ms % 1000) * 1000000;
    if (end.tv_nsec >= 1000000000) {
        end.tv_sec++;
        end.tv_nsec -= 1000000000;
    }
    while (client->under_way > 0)
        if (!wait_until(&end))
            return client->under_way == 0;
    return true;
}

void mq_events_wait_for_message_callback(const struct mq_client *client)
{
    while (calling == client && calling_kind == MQ_EVENT_MESSAGE && !mq_events_is_own_task())
        pthread_cond_wait(&returned, mq_engine_mutex());
}

static bool is_pending(const struct mq_client *client, mqtt_request_cb_t cb, const void *arg)
{
    for (size_t i = 0; i < MQ_REQUESTS_MAX; i++)
        if (client->requests[i].used && client->requests[i].cb == cb && client->requests[i].arg == arg)
            return true;
    return false;
}

void mq_events_wait_for_request(const struct mq_client *client, mqtt_request_cb_t cb, const void *arg)
{
    while (is_pending(client, cb, arg) && !mq_events_is_own_task())
        pthread_cond_wait(&returned, mq_engine_mutex());
}

bool mq_events_is_own_task(void)
{
    return own_task_runs && pthread_equal(own_task, pthread_self()) != 0;
}

/* A callback with all that it needs, so that it can be made without the lock. */
struct call {
    enum mq_event_kind kind;
    mqtt_client_t *client;
    void *arg;
    int result;
    const struct mq_message_event *message;
    union {
        mqtt_connection_cb_t connection;
        mqtt_state_exception_cb_t exception;
        mqtt_request_cb_t request;
        mqtt_disconnect_cb_t disconnection;
        mqtt_incoming_publish_cb_t message;
    } cb;
};

static mqtt_client_t *pointer_for(struct mq_client *client, mqtt_client_t *callers)
{
    if (mq_defect(MQ_DEFECT_CALLBACK_HANDLE_WRONG))
        return &mq_client_at(0)->handle;
    return mq_option(MQ_OPT_CLIENT_POINTER) == CLIENT_POINTER_CALLERS ? callers : &client->handle;
}

/* The request's slot is free from here on, so that its callback can make the next request. */
static void prepare_request(struct call *call, struct mq_request *request)
{
    call->arg = mq_defect(MQ_DEFECT_REQUEST_ARG_OF_CONNECT) ? request->event.client->connection_arg : request->arg;
    call->client = pointer_for(request->event.client, request->pointer);
    call->cb.request = request->cb;
    request->used = false;
}

static void prepare_message(struct call *call, struct mq_client *client, const struct mq_message_event *message)
{
    call->message = message;
    call->arg = mq_defect(MQ_DEFECT_MESSAGE_ARG_LOST) ? NULL : client->message_arg;
    call->client = pointer_for(client, client->message_pointer);
    call->cb.message = client->message_cb;
}

/* What the application is about to hear becomes true now, and not before. */
static struct call prepare(struct mq_event *event)
{
    struct mq_client *client = event->client;
    struct call call = { .kind = event->kind, .result = event->result };
    switch (event->kind) {
    case MQ_EVENT_CONNECTION:
        mq_connection_told(client, event->result);
        call.arg = client->connection_arg;
        call.client = pointer_for(client, client->connection_pointer);
        call.cb.connection = client->connection_cb;
        break;
    case MQ_EVENT_EXCEPTION:
        mq_connection_told_end(client);
        call.client = pointer_for(client, client->connection_pointer);
        call.cb.exception = client->exception_cb;
        break;
    case MQ_EVENT_DISCONNECTION:
        mq_connection_told_end(client);
        call.arg = client->disconnection_arg;
        call.client = pointer_for(client, client->disconnection_pointer);
        call.cb.disconnection = client->disconnection_cb;
        break;
    case MQ_EVENT_REQUEST:
        prepare_request(&call, (struct mq_request *)event);
        break;
    case MQ_EVENT_MESSAGE:
        prepare_message(&call, client, (const struct mq_message_event *)event);
        break;
    }
    return call;
}

static void deliver(const struct call *call)
{
    const struct mq_message_event *message = call->message;
    int id = message->id;
    const unsigned char *payload = message->payload;
    if (id == 0 && mq_option(MQ_OPT_QOS0_ID) == QOS0_ID_MINUS_ONE)
        id = -1;
    if (message->length == 0 && mq_option(MQ_OPT_EMPTY_PAYLOAD) == EMPTY_PAYLOAD_NULL)
        payload = NULL;
    call->cb.message(call->client, call->arg, id, message->topic, payload, message->length);
}

static void make(const struct call *call)
{
    switch (call->kind) {
    case MQ_EVENT_CONNECTION:
        if (call->cb.connection != NULL)
            call->cb.connection(call->client, call->arg, (mqtt_connection_status_e)call->result);
        if (call->cb.connection != NULL && mq_defect(MQ_DEFECT_CONNECT_CALLBACK_TWICE))
            call->cb.connection(call->client, call->arg, (mqtt_connection_status_e)call->result);
        break;
    case MQ_EVENT_EXCEPTION:
        if (call->cb.exception != NULL)
            call->cb.exception(call->client);
        if (call->cb.exception != NULL && mq_defect(MQ_DEFECT_EXCEPTION_TWICE))
            call->cb.exception(call->client);
        break;
    case MQ_EVENT_REQUEST:
        if (call->cb.request != NULL)
            call->cb.request(call->client, call->arg, call->result);
        break;
    case MQ_EVENT_DISCONNECTION:
        if (call->cb.disconnection != NULL)
            call->cb.disconnection(call->client, call->arg, call->result);
        break;
    case MQ_EVENT_MESSAGE:
        if (call->cb.message != NULL)
            deliver(call);
        break;
    }
}

static void tell(struct mq_event *event)
{
    struct mq_client *client = event->client;
    uint32_t generation = client->generation;
    struct call call = prepare(event);
    calling = client;
    calling_kind = event->kind;
    mq_engine_unlock();
    if (mq_defect(MQ_DEFECT_CALLBACK_UNDER_LOCK))
        mq_engine_lock();
    make(&call);
    if (call.kind == MQ_EVENT_MESSAGE)
        dispose(event);
    if (!mq_defect(MQ_DEFECT_CALLBACK_UNDER_LOCK))
        mq_engine_lock();
    calling = NULL;
    /* The callback may have released its client, and the slot may have a new one. */
    if (client->used && client->generation == generation)
        mq_connection_relieved(client);
    if (mq_defect(MQ_DEFECT_RECONNECTS_BY_ITSELF) && call.kind == MQ_EVENT_EXCEPTION && client->used && client->state == MQ_STATE_IDLE) {
        client->connection_cb = NULL; /* unasked, so nobody is told that it came about */
        mq_connection_start(client);
    }
    pthread_cond_broadcast(&returned);
}

void mq_events_task(void *unused)
{
    (void)unused;
    mq_engine_lock();
    own_task = pthread_self();
    own_task_runs = true;
    for (;;) {
        while (first == NULL)
            pthread_cond_wait(&posted, mq_engine_mutex());
        tell(take_first());
    }
}
