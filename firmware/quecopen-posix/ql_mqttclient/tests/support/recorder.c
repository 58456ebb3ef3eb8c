#define _POSIX_C_SOURCE 200809L
#include "recorder.h"

#include <errno.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define BUDGET_S 10

struct entry {
    struct entry *next;
    struct callback callback;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t heard = PTHREAD_COND_INITIALIZER;
static struct entry *first;
static struct entry **last = &first;
static enum heard reaction_kind;
static void (*reaction)(mqtt_client_t *client);

static struct entry *take_first(void)
{
    struct entry *entry = first;
    if (entry != NULL) {
        first = entry->next;
        if (first == NULL)
            last = &first;
    }
    return entry;
}

void recorder_reset(void)
{
    pthread_mutex_lock(&lock);
    for (struct entry *entry = take_first(); entry != NULL; entry = take_first())
        free(entry);
    reaction = NULL;
    pthread_mutex_unlock(&lock);
}

struct callback recorder_next(void)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += BUDGET_S;
    pthread_mutex_lock(&lock);
    while (first == NULL && pthread_cond_timedwait(&heard, &lock, &end) != ETIMEDOUT)
        ;
    struct entry *entry = take_first();
    pthread_mutex_unlock(&lock);
    if (entry == NULL)
        fail_msg("no callback within %d s", BUDGET_S);
    struct callback callback = entry->callback;
    free(entry);
    return callback;
}

struct callback recorder_expect(enum heard kind, int result)
{
    struct callback callback = recorder_next();
    assert_int_equal(callback.kind, kind);
    assert_int_equal(callback.result, result);
    return callback;
}

size_t recorder_left(void)
{
    size_t count = 0;
    pthread_mutex_lock(&lock);
    for (const struct entry *entry = first; entry != NULL; entry = entry->next)
        count++;
    pthread_mutex_unlock(&lock);
    return count;
}

void recorder_react(enum heard kind, void (*act)(mqtt_client_t *client))
{
    pthread_mutex_lock(&lock);
    reaction_kind = kind;
    reaction = act;
    pthread_mutex_unlock(&lock);
}

static void record(mqtt_client_t *client, struct entry *entry)
{
    void (*act)(mqtt_client_t *) = NULL;
    entry->callback.handle = *client;
    entry->callback.connected = ql_mqtt_client_is_connected(client);
    pthread_mutex_lock(&lock);
    if (reaction != NULL && reaction_kind == entry->callback.kind) {
        act = reaction;
        reaction = NULL;
    }
    pthread_mutex_unlock(&lock);
    if (act != NULL)
        act(client);
    pthread_mutex_lock(&lock);
    *last = entry;
    last = &entry->next;
    pthread_cond_signal(&heard);
    pthread_mutex_unlock(&lock);
}

static struct entry *new_entry(enum heard kind, void *arg, int result)
{
    struct entry *entry = calloc(1, sizeof *entry);
    if (entry == NULL)
        abort();
    entry->callback.kind = kind;
    entry->callback.arg = arg;
    entry->callback.result = result;
    return entry;
}

void on_connection(mqtt_client_t *client, void *arg, mqtt_connection_status_e status)
{
    record(client, new_entry(HEARD_CONNECTION, arg, (int)status));
}

void on_exception(mqtt_client_t *client)
{
    record(client, new_entry(HEARD_EXCEPTION, NULL, 0));
}

void on_request(mqtt_client_t *client, void *arg, int err)
{
    record(client, new_entry(HEARD_REQUEST, arg, err));
}

void on_disconnection(mqtt_client_t *client, void *arg, int err)
{
    record(client, new_entry(HEARD_DISCONNECTION, arg, err));
}

void on_message(mqtt_client_t *client, void *arg, int id, const char *topic, const unsigned char *payload, unsigned short length)
{
    struct entry *entry = new_entry(HEARD_MESSAGE, arg, 0);
    entry->callback.id = id;
    entry->callback.length = length;
    entry->callback.has_payload = payload != NULL;
    snprintf(entry->callback.topic, sizeof entry->callback.topic, "%s", topic);
    if (payload != NULL)
        memcpy(entry->callback.payload, payload, length);
    record(client, entry);
}
