/*
 * What exercises are made of: an application with one client, a server with manners, and the transcript of both.
 *
 * What goes over the wire, what calls return and what callbacks say are kept apart: their order relative to each other is chance.
 */
#ifndef EXERCISE_H
#define EXERCISE_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "peer.h"
#include "ql_mqttclient.h"

/* ---- the transcript ---- */

struct transcript {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char wire[65536];
    char heard[16384];
    char returned[16384];
    unsigned callbacks;
    unsigned ends; /* of connections */
};

extern struct transcript transcript;

/* Behind what stands in `text` already. */
__attribute__((format(printf, 3, 4))) void append(char *text, size_t room, const char *shape, ...);
/* Writes down what a call returned. */
__attribute__((format(printf, 1, 2))) void note(const char *shape, ...);
/* Waits until `count` callbacks have come; what does not come is written down. */
void await(unsigned count);
/* Waits for a packet; false if there was none in the time in which the defects would show. */
bool await_packet(const char *hex);
/* Whether the client has closed a connection, waited for. */
void await_end(void);

/* ---- the application ---- */

extern mqtt_client_t own;
extern int arg_a, arg_b;
/* What start_up() connects with. */
extern struct mqtt_connect_client_info_t info;
/* The task of the exercise. */
extern pthread_t caller;
/* Runs inside the next callback, once. */
extern void (*inside)(void);

/* Writes down what a callback says. */
__attribute__((format(printf, 1, 2))) void hear(const char *shape, ...);
void connected(mqtt_client_t *client, void *arg, mqtt_connection_status_e status);
void excepted(mqtt_client_t *client);
void answered(mqtt_client_t *client, void *arg, int err);
void disconnected(mqtt_client_t *client, void *arg, int err);
void incoming(mqtt_client_t *client, void *arg, int id, const char *topic, const unsigned char *payload, unsigned short length);

/* Exercises that share a server must not take each other's sessions over. */
void take_own_id(void);
/* init, and the callback for messages. */
void start(void);
void connect_as(struct mqtt_connect_client_info_t with);
/* start(), and a connection. */
void start_up(void);
void publish(uint8_t qos, uint16_t length, void *arg);
/* disconnect and deinit. */
void finish(void);

/* ---- the server ---- */

struct manners {
    unsigned mute; /* 1 << type of packets that get no answer */
    uint8_t session_present;
    uint8_t connack;
    uint8_t suback;
    const char *greeting; /* sent right behind CONNACK */
    size_t greeting_length;
    bool swap;      /* acknowledges two PUBLISHes in reverse order */
    bool wrong_kind; /* answers a PUBLISH with a SUBACK */
    bool hang_up;   /* after a PUBLISH of QoS 1 */
    bool listen_only; /* reads once, and says what it was greeted with */
    bool chatter;   /* sends PINGRESPs that nobody asked for */
    bool early;     /* the greeting comes before CONNACK */
    bool piecemeal; /* the greeting comes in two segments */
    bool hang_up_greeted; /* once the greeting is out */
    bool hang_up_late; /* at PUBREL */
    bool repeat;    /* acknowledges each PUBLISH again, later */
    bool deaf;      /* reads nothing */
};

extern struct peer peer;
extern struct manners manners;
/* Held, it keeps CONNACK back. */
extern pthread_mutex_t at_connack;

/* Serves `peer`, for ever. */
void *serve(void *unused);

/* ---- the families ---- */

struct showing {
    const char *defect;
    void (*exercise)(void);
    const char *settings;
};

struct showings {
    const struct showing *all;
    size_t count;
};

#define SHOWINGS(table) { table, sizeof table / sizeof table[0] }

extern const struct showings session_defects;
extern const struct showings request_defects;
extern const struct showings message_defects;
extern const struct showings keep_alive_defects;
extern const struct showings call_defects;
extern const struct showings tls_defects;
/* Against mosquitto. */
extern const struct showings tls_broker_defects;

#endif
