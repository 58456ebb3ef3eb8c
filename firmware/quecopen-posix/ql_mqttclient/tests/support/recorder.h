/* Callbacks as they came, for a test to wait for one after the other. */
#ifndef RECORDER_H
#define RECORDER_H

#include <stdbool.h>
#include <stddef.h>

#include "ql_mqttclient.h"

enum heard { HEARD_CONNECTION, HEARD_EXCEPTION, HEARD_REQUEST, HEARD_DISCONNECTION, HEARD_MESSAGE };

struct callback {
    enum heard kind;
    int handle;
    void *arg;
    int result;    /* status or err */
    int connected; /* is_connected, asked from inside */
    int id;
    char topic[256];
    unsigned char payload[70000];
    size_t length;
    bool has_payload;
};

void recorder_reset(void);
/* The next callback; fails the test when none comes within 10 s. */
struct callback recorder_next(void);
struct callback recorder_expect(enum heard kind, int result);
/* How many came that were not taken. */
size_t recorder_left(void);
/* Runs `act` inside the next callback of this kind, once. */
void recorder_react(enum heard kind, void (*act)(mqtt_client_t *client));

void on_connection(mqtt_client_t *client, void *arg, mqtt_connection_status_e status);
void on_exception(mqtt_client_t *client);
void on_request(mqtt_client_t *client, void *arg, int err);
void on_disconnection(mqtt_client_t *client, void *arg, int err);
void on_message(mqtt_client_t *client, void *arg, int id, const char *topic, const unsigned char *payload, unsigned short length);

#endif
