#define _GNU_SOURCE
#include "exercise.h"

#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "setup.h"

mqtt_client_t own;
int arg_a, arg_b;
struct mqtt_connect_client_info_t info;
pthread_t caller;
void (*inside)(void);
static char client_id[32] = "client";

static const char *name_of(const void *arg)
{
    return arg == NULL ? "null" : arg == &arg_a ? "a" : arg == &arg_b ? "b" : "?";
}

void hear(const char *shape, ...)
{
    char line[512];
    va_list args;
    va_start(args, shape);
    vsnprintf(line, sizeof line, shape, args);
    va_end(args);
    pthread_mutex_lock(&transcript.lock);
    append(transcript.heard, sizeof transcript.heard, "%s%s\n", line, pthread_equal(caller, pthread_self()) ? " in the caller's task" : "");
    transcript.callbacks++;
    pthread_cond_signal(&transcript.changed);
    pthread_mutex_unlock(&transcript.lock);
    if (inside != NULL) {
        void (*act)(void) = inside;
        inside = NULL;
        act();
    }
}

void connected(mqtt_client_t *client, void *arg, mqtt_connection_status_e status)
{
    hear("connection %d arg %s own %d", (int)status, name_of(arg), *client == own);
}

void excepted(mqtt_client_t *client)
{
    hear("exception own %d", *client == own);
}

void answered(mqtt_client_t *client, void *arg, int err)
{
    hear("request err %d arg %s own %d", err, name_of(arg), *client == own);
}

void disconnected(mqtt_client_t *client, void *arg, int err)
{
    hear("disconnection %d arg %s own %d", err, name_of(arg), *client == own);
}

void incoming(mqtt_client_t *client, void *arg, int id, const char *topic, const unsigned char *payload, unsigned short length)
{
    hear("message %d topic %s length %u first %d arg %s own %d", id, topic, (unsigned)length, length > 0 ? payload[0] : -1, name_of(arg),
         *client == own);
}

void take_own_id(void)
{
    snprintf(client_id, sizeof client_id, "client-%d", (int)getpid());
}

void connect_as(struct mqtt_connect_client_info_t with)
{
    note("connect %d", ql_mqtt_connect(&own, peer.url, connected, &arg_a, &with, excepted));
}

void start(void)
{
    note("init %d", ql_mqtt_client_init(&own, 1));
    note("set %d", ql_mqtt_set_inpub_callback(&own, incoming, &arg_b));
    info = plain_info(client_id);
}

void start_up(void)
{
    start();
    connect_as(info);
    await(1);
}

void publish(uint8_t qos, uint16_t length, void *arg)
{
    static const char payload[4096] = "first";
    note("publish %d", ql_mqtt_publish(&own, "t", payload, length, qos, 1, answered, arg));
}

void finish(void)
{
    note("disconnect %d", ql_mqtt_disconnect(&own, disconnected, &arg_b));
    await(1);
    note("connected %d", ql_mqtt_client_is_connected(&own));
    note("deinit %d", ql_mqtt_client_deinit(&own));
    await_end();
}
