/* Callbacks on their way to the application. One task makes them all, in order, and never under the lock. */
#ifndef MQ_EVENTS_H
#define MQ_EVENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "ql_mqttclient.h"

struct mq_client;

enum mq_event_kind { MQ_EVENT_CONNECTION, MQ_EVENT_EXCEPTION, MQ_EVENT_REQUEST, MQ_EVENT_DISCONNECTION, MQ_EVENT_MESSAGE };

/* What a callback needs beside its result; all of one client's, so that none is ever lost for want of memory. */
struct mq_event {
    struct mq_event *next;
    struct mq_client *client;
    enum mq_event_kind kind;
    int result;
    bool queued;
};

/* An incoming message; allocated, and freed once its callback has returned. */
struct mq_message_event {
    struct mq_event event;
    int id;
    uint16_t length;
    const char *topic;
    unsigned char *payload;
    char store[];
};

/* Once a process, before anything else here. */
void mq_events_init(void);

/* All under the engine's lock. */
void mq_events_post(struct mq_event *event, int result);
/* Takes every event of the client back, untold. */
void mq_events_purge(struct mq_client *client);
/* Waits until nothing of the client is under way; false after for_ms. */
bool mq_events_drain(const struct mq_client *client, int64_t for_ms);
/* Waits until the callback for incoming messages is not being called. */
void mq_events_wait_for_message_callback(const struct mq_client *client);

/* Waits until a request has been called back: what a function that does not return promptly would do. */
void mq_events_wait_for_request(const struct mq_client *client, mqtt_request_cb_t cb, const void *arg);

/* The caller is the task that makes the callbacks. */
bool mq_events_is_own_task(void);
/* Body of that task. */
void mq_events_task(void *unused);

#endif
