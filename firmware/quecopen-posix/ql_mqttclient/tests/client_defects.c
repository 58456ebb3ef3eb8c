/*
 * Each defect of the catalogue shows: an exercise gives another transcript with it than without it.
 *
 * An exercise runs in a process of its own, since some defects crash or hang it. What goes over the wire, what calls return and what
 * callbacks say are kept apart: their order relative to each other is chance.
 */
#define _GNU_SOURCE
#include <malloc.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#if defined(__SANITIZE_ADDRESS__)
size_t __sanitizer_get_current_allocated_bytes(void);
#endif

#include "broker.h"
#include "module.h"
#include "options.h"
#include "peer.h"
#include "ql_mqttclient.h"
#include "setup.h"

#define HANG_S 8
/* Long against a scheduler's whims, since only what a defect swallows is waited for that long. */
#define PATIENCE_MS 700

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

static struct transcript t = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

__attribute__((format(printf, 3, 4))) static void add(char *text, size_t room, const char *shape, ...)
{
    va_list args;
    va_start(args, shape);
    size_t used = strlen(text);
    vsnprintf(text + used, room - used, shape, args);
    va_end(args);
}

__attribute__((format(printf, 1, 2))) static void note(const char *shape, ...)
{
    char line[512];
    va_list args;
    va_start(args, shape);
    vsnprintf(line, sizeof line, shape, args);
    va_end(args);
    pthread_mutex_lock(&t.lock);
    add(t.returned, sizeof t.returned, "%s\n", line);
    pthread_mutex_unlock(&t.lock);
}

static struct timespec patience(void)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_nsec += PATIENCE_MS * 1000000L;
    end.tv_sec += end.tv_nsec / 1000000000L;
    end.tv_nsec %= 1000000000L;
    return end;
}

/* Waits until `count` callbacks have come; what does not come is written down. */
static void await(unsigned count)
{
    struct timespec end = patience();
    pthread_mutex_lock(&t.lock);
    int waited = 0;
    while (t.callbacks < count && waited == 0)
        waited = pthread_cond_timedwait(&t.changed, &t.lock, &end);
    if (t.callbacks < count)
        add(t.heard, sizeof t.heard, "(missing)\n");
    t.callbacks -= t.callbacks < count ? t.callbacks : count;
    pthread_mutex_unlock(&t.lock);
}

/* ---- the application ---- */

static mqtt_client_t c;
static int arg_a, arg_b;
static pthread_t caller;
static void (*inside)(void);

static const char *name_of(const void *arg)
{
    return arg == NULL ? "null" : arg == &arg_a ? "a" : arg == &arg_b ? "b" : "?";
}

__attribute__((format(printf, 1, 2))) static void hear(const char *shape, ...)
{
    char line[512];
    va_list args;
    va_start(args, shape);
    vsnprintf(line, sizeof line, shape, args);
    va_end(args);
    pthread_mutex_lock(&t.lock);
    add(t.heard, sizeof t.heard, "%s%s\n", line, pthread_equal(caller, pthread_self()) ? " in the caller's task" : "");
    t.callbacks++;
    pthread_cond_signal(&t.changed);
    pthread_mutex_unlock(&t.lock);
    if (inside != NULL) {
        void (*act)(void) = inside;
        inside = NULL;
        act();
    }
}

static void connected(mqtt_client_t *client, void *arg, mqtt_connection_status_e status)
{
    hear("connection %d arg %s own %d", (int)status, name_of(arg), *client == c);
}

static void excepted(mqtt_client_t *client)
{
    hear("exception own %d", *client == c);
}

static void answered(mqtt_client_t *client, void *arg, int err)
{
    hear("request err %d arg %s own %d", err, name_of(arg), *client == c);
}

static void disconnected(mqtt_client_t *client, void *arg, int err)
{
    hear("disconnection %d arg %s own %d", err, name_of(arg), *client == c);
}

static void incoming(mqtt_client_t *client, void *arg, int id, const char *topic, const unsigned char *payload, unsigned short length)
{
    hear("message %d topic %s length %u first %d arg %s own %d", id, topic, (unsigned)length, length > 0 ? payload[0] : -1, name_of(arg),
         *client == c);
}

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

static struct peer peer;
static struct manners manners;
static pthread_mutex_t at_connack = PTHREAD_MUTEX_INITIALIZER;

static void reply(int fd, const void *bytes, size_t length)
{
    (void)!send(fd, bytes, length, MSG_NOSIGNAL);
}

#define REPLY(fd, ...) reply(fd, (const uint8_t[]){ __VA_ARGS__ }, sizeof(const uint8_t[]){ __VA_ARGS__ })

static bool read_all(int fd, uint8_t *bytes, size_t length)
{
    for (size_t got = 0; got < length;) {
        ssize_t n = recv(fd, bytes + got, length - got, 0);
        if (n <= 0)
            return false;
        got += (size_t)n;
    }
    return true;
}

static size_t read_packet(int fd, uint8_t *packet, size_t room)
{
    size_t size = 1;
    size_t remaining = 0;
    if (!read_all(fd, packet, 1))
        return 0;
    do {
        if (size == 5 || !read_all(fd, packet + size, 1))
            return 0;
        remaining |= (size_t)(packet[size] & 0x7f) << (7 * (size - 1));
    } while ((packet[size++] & 0x80) != 0);
    return size + remaining <= room && read_all(fd, packet + size, remaining) ? size + remaining : 0;
}

static void log_packet(const uint8_t *packet, size_t size)
{
    pthread_mutex_lock(&t.lock);
    for (size_t i = 0; i < size && i < 160; i++)
        add(t.wire, sizeof t.wire, "%02x", packet[i]);
    add(t.wire, sizeof t.wire, " %zu bytes\n", size);
    pthread_mutex_unlock(&t.lock);
}

static void acknowledge(int fd, uint8_t type, const uint8_t *packet)
{
    static uint8_t first[2];
    size_t topic = packet[1] < 0x80 ? 2 : packet[2] < 0x80 ? 3 : 4;
    const uint8_t *id = packet + topic + 2 + (packet[topic] << 8 | packet[topic + 1]);
    if (manners.hang_up) {
        shutdown(fd, SHUT_RDWR);
        return;
    }
    if (manners.wrong_kind) {
        REPLY(fd, 0x90, 3, id[0], id[1], 0);
        return;
    }
    if (manners.swap && first[1] == 0) {
        memcpy(first, id, 2);
        return;
    }
    REPLY(fd, type, 2, id[0], id[1]);
    if (manners.repeat) {
        poll(NULL, 0, 50); /* until the application has heard of the first one */
        REPLY(fd, type, 2, id[0], id[1]);
    }
    if (manners.swap)
        REPLY(fd, type, 2, first[0], first[1]);
}

static void *chatter(void *argument)
{
    for (int i = 0; i < 300; i++) {
        REPLY((int)(intptr_t)argument, 0xd0, 0);
        poll(NULL, 0, 10);
    }
    return NULL;
}

static void start_chatter(int fd)
{
    pthread_t thread;
    pthread_create(&thread, NULL, chatter, (void *)(intptr_t)fd);
    pthread_detach(thread);
}

static void greet(int fd)
{
    size_t first = manners.piecemeal ? manners.greeting_length - 1 : manners.greeting_length;
    reply(fd, manners.greeting, first);
    if (manners.piecemeal) {
        poll(NULL, 0, 50); /* or both pieces would make one segment */
        reply(fd, manners.greeting + first, 1);
    }
    if (manners.hang_up_greeted)
        shutdown(fd, SHUT_RDWR);
}

static void welcome(int fd)
{
    if (manners.early)
        greet(fd);
    pthread_mutex_lock(&at_connack);
    REPLY(fd, 0x20, 2, manners.session_present, manners.connack);
    pthread_mutex_unlock(&at_connack);
    if (!manners.early)
        greet(fd);
    if (manners.chatter)
        start_chatter(fd);
}

static void answer(int fd, const uint8_t *packet)
{
    switch (packet[0] >> 4) {
    case 1:
        welcome(fd);
        break;
    case 3:
        if ((packet[0] & 6) != 0)
            acknowledge(fd, (packet[0] & 6) == 2 ? 0x40 : 0x50, packet);
        break;
    case 5:
        REPLY(fd, 0x62, 2, packet[2], packet[3]);
        break;
    case 6:
        if (manners.hang_up_late)
            shutdown(fd, SHUT_RDWR);
        else
            REPLY(fd, 0x70, 2, packet[2], packet[3]);
        break;
    case 8:
        REPLY(fd, 0x90, 3, packet[2], packet[3], manners.suback);
        break;
    case 10:
        REPLY(fd, 0xb0, 2, packet[2], packet[3]);
        break;
    case 12:
        REPLY(fd, 0xd0, 0);
        break;
    default:
        break;
    }
}

/* Whether RC4 with SHA is among the cipher suites of a ClientHello, which follow its random bytes and its session id. */
static bool offers_rc4(const uint8_t *hello, size_t length)
{
    const size_t id = 5 + 4 + 2 + 32;
    if (length <= id || length < id + 1 + hello[id] + 2)
        return false;
    const uint8_t *suites = hello + id + 1 + hello[id];
    size_t end = (size_t)(suites[0] << 8 | suites[1]) + 2;
    for (size_t at = 2; at + 1 < end && suites + at + 1 < hello + length; at += 2)
        if (suites[at] == 0x00 && suites[at + 1] == 0x05)
            return true;
    return false;
}

static void look_at_hello(int fd)
{
    uint8_t hello[2048];
    ssize_t got = recv(fd, hello, sizeof hello, 0);
    size_t length = got > 0 ? (size_t)got : 0;
    note("named %d", memmem(hello, length, "localhost", 9) != NULL);
    note("address %d", memmem(hello, length, "127.0.0.1", 9) != NULL);
    note("rc4 %d", offers_rc4(hello, length));
}

static void *serve_one(void *argument)
{
    int fd = (int)(intptr_t)argument;
    uint8_t packet[70000];
    if (manners.listen_only)
        look_at_hello(fd);
    while (manners.deaf)
        poll(NULL, 0, -1);
    for (size_t size; !manners.listen_only && (size = read_packet(fd, packet, sizeof packet)) > 0;) {
        log_packet(packet, size);
        if ((manners.mute >> (packet[0] >> 4) & 1) == 0)
            answer(fd, packet);
    }
    pthread_mutex_lock(&t.lock);
    t.ends++;
    pthread_cond_signal(&t.changed);
    pthread_mutex_unlock(&t.lock);
    close(fd);
    return NULL;
}

static void *serve(void *unused)
{
    for (;;) {
        pthread_t thread;
        int fd = accept(peer.listener, NULL, NULL);
        if (fd < 0)
            return unused;
        pthread_create(&thread, NULL, serve_one, (void *)(intptr_t)fd);
        pthread_detach(thread);
    }
}

/* Whether the client has closed a connection, waited for. */
static void await_end(void)
{
    struct timespec end = patience();
    pthread_mutex_lock(&t.lock);
    for (int waited = 0; t.ends == 0 && waited == 0;)
        waited = pthread_cond_timedwait(&t.changed, &t.lock, &end);
    add(t.returned, sizeof t.returned, "closed %d\n", t.ends > 0);
    t.ends = 0;
    pthread_mutex_unlock(&t.lock);
}

/* ---- exercises ---- */

static struct mqtt_connect_client_info_t info;
static char client_id[32] = "client";

/* Exercises that share a server must not take each other's sessions over. */
static void take_own_id(void)
{
    snprintf(client_id, sizeof client_id, "client-%d", (int)getpid());
}

static void connect_as(struct mqtt_connect_client_info_t with)
{
    note("connect %d", ql_mqtt_connect(&c, peer.url, connected, &arg_a, &with, excepted));
}

static void start(void)
{
    note("init %d", ql_mqtt_client_init(&c, 1));
    note("set %d", ql_mqtt_set_inpub_callback(&c, incoming, &arg_b));
    info = plain_info(client_id);
}

static void start_up(void)
{
    start();
    connect_as(info);
    await(1);
}

static void publish(uint8_t qos, uint16_t length, void *arg)
{
    static const char payload[4096] = "first";
    note("publish %d", ql_mqtt_publish(&c, "t", payload, length, qos, 1, answered, arg));
}

static void finish(void)
{
    note("disconnect %d", ql_mqtt_disconnect(&c, disconnected, &arg_b));
    await(1);
    note("connected %d", ql_mqtt_client_is_connected(&c));
    note("deinit %d", ql_mqtt_client_deinit(&c));
    await_end();
}

static void session(void)
{
    start();
    pthread_mutex_lock(&at_connack);
    connect_as(info);
    /* Until the server has its CONNECT the client may or may not have come so far. */
    while (t.wire[0] == '\0')
        poll(NULL, 0, 1);
    note("connected %d", ql_mqtt_client_is_connected(&c));
    pthread_mutex_unlock(&at_connack);
    await(1);
    note("connected %d", ql_mqtt_client_is_connected(&c));
    for (uint8_t sub = 1; sub < 2; sub--) {
        note("sub %d", ql_mqtt_sub_unsub(&c, "f/#", 1, answered, &arg_a, sub));
        await(1);
    }
    for (uint8_t qos = 0; qos <= 2; qos++) {
        publish(qos, 2000, &arg_a);
        await(1);
    }
    publish(0, 125, &arg_b); /* a remaining length of 128 */
    await(1);
    finish();
}

static void every_field(void)
{
    start();
    info.client_id = "client-id-of-more-than-23-bytes";
    info.client_user = "user";
    info.client_pass = "a-password-that-is-longer-than-32-bytes";
    info.keep_alive = 600;
    info.will_topic = "will";
    info.will_msg = "gone";
    info.will_qos = 1;
    info.will_retain = 1;
    info.clean_session = 0;
    connect_as(info);
    await(1);
    finish();
    start();
    info.client_user = "user";
    info.will_topic = "will";
    info.will_msg = "";
    connect_as(info);
    await(1);
    finish();
}

static void bad_arguments(void)
{
    char topic[400];
    start_up();
    memset(topic, 't', sizeof topic - 1);
    topic[sizeof topic - 1] = '\0';
    note("qos %d", ql_mqtt_publish(&c, "t", "x", 1, 3, 0, NULL, NULL));
    note("wildcard %d", ql_mqtt_publish(&c, "t/#", "x", 1, 0, 0, NULL, NULL));
    note("filter %d", ql_mqtt_sub_unsub(&c, "a#b", 0, NULL, NULL, 1));
    note("long %d", ql_mqtt_publish(&c, topic, "x", 1, 0, 0, NULL, NULL));
    note("null %d", ql_mqtt_publish(&c, "t", NULL, 8, 0, 0, NULL, NULL));
    note("connect %d", ql_mqtt_connect(&c, peer.url, connected, NULL, &info, excepted));
    finish();
}

static void odd_identities(void)
{
    start();
    info.client_pass = "password";
    connect_as(info);
    note("deinit %d", ql_mqtt_client_deinit(&c));
    start();
    info.client_id = "";
    info.clean_session = 0;
    connect_as(info);
    note("deinit %d", ql_mqtt_client_deinit(&c));
}

static void handles(void)
{
    start();
    note("unconnected %d", ql_mqtt_publish(&c, "t", "x", 1, 0, 0, NULL, NULL));
    mqtt_client_t stale = c;
    for (int i = 0; i < 8; i++) {
        note("deinit %d", ql_mqtt_client_deinit(&c));
        note("init %d", ql_mqtt_client_init(&c, 1));
        note("stale %d", ql_mqtt_set_inpub_callback(&stale, NULL, NULL));
    }
}

static void second_client(void)
{
    mqtt_client_t other;
    note("init %d", ql_mqtt_client_init(&other, 1));
    start_up();
    finish();
}

static void odd_arguments(void)
{
    start_up();
    note("first %d", ql_mqtt_publish(&c, "t", "x", 1, 0, 0, answered, &arg_a));
    await(1);
    note("null client %d", ql_mqtt_publish(NULL, "t", "x", 1, 0, 0, answered, &arg_a));
    note("null callback %d", ql_mqtt_publish(&c, "t", "x", 1, 0, 0, NULL, NULL));
    note("not utf8 %d", ql_mqtt_publish(&c, "\xc0", "x", 1, 0, 0, NULL, NULL));
    finish();
    note("released %d", ql_mqtt_connect(&c, peer.url, connected, &arg_a, &info, excepted));
}

static void beside_another(void)
{
    mqtt_client_t other;
    note("init %d", ql_mqtt_client_init(&other, 1));
    start_up();
    note("a handle of its own %d", c != other);
    publish(0, 1, &arg_a);
    await(1);
    finish();
}

static void replaced_callback(void)
{
    manners.greeting = "\x30\x04\x00\x01"
                       "az";
    manners.greeting_length = 6;
    start();
    note("set again %d", ql_mqtt_set_inpub_callback(&c, incoming, &arg_a));
    connect_as(info);
    await(2);
    finish();
}

static void refused(void)
{
    manners.connack = 5;
    start_up();
    note("connected %d", ql_mqtt_client_is_connected(&c));
    await_end();
    note("deinit %d", ql_mqtt_client_deinit(&c));
}

static void refused_oddly(void)
{
    manners.connack = 128;
    start_up();
}

static void unanswered_connect(void)
{
    manners.mute = 1u << 1;
    start_up();
}

static void lost(void)
{
    manners.hang_up = true;
    start_up();
    publish(1, 10, &arg_a);
    await(2);
    await_end();
    note("connected %d", ql_mqtt_client_is_connected(&c));
    manners.hang_up = false;
    connect_as(info);
    await(1);
    note("deinit %d", ql_mqtt_client_deinit(&c));
    await_end();
}

static void network_lost(void)
{
    start_up();
    assert_true(qlv_module_stop_call(1));
    await(1);
}

static void two_pending(void)
{
    manners.swap = true;
    start_up();
    publish(1, 1, &arg_a);
    publish(1, 1, &arg_b);
    await(2);
    finish();
}

static void wrong_kind(void)
{
    manners.wrong_kind = true;
    manners.suback = 0x80;
    start_up();
    note("sub %d", ql_mqtt_sub_unsub(&c, "f", 1, answered, &arg_a, 1));
    await(1);
    publish(1, 1, &arg_a);
    await(1);
    finish();
}

static void acknowledged_again(void)
{
    manners.repeat = true;
    start_up();
    publish(1, 1, &arg_a);
    await(1);
    await(1);
    finish();
}

static void beside_pending(void)
{
    manners.mute = 1u << 3;
    start_up();
    publish(1, 1, &arg_a);
    publish(0, 1, &arg_b);
    await(2);
    finish();
}

static void never_acknowledged(void)
{
    manners.mute = 1u << 3;
    start_up();
    publish(1, 1, &arg_a);
    await(1);
    finish();
}

static void pubrec_unfinished(void)
{
    manners.mute = 1u << 6;
    start_up();
    publish(2, 1, &arg_a);
    await(1);
    finish();
}

static void too_many(void)
{
    manners.mute = 1u << 3;
    start_up();
    for (int i = 0; i < 4; i++)
        publish(1, 1, &arg_a);
    note("sub %d", ql_mqtt_sub_unsub(&c, "f", 1, answered, &arg_b, 1));
    await(4);
    finish();
}

static void come_back(uint8_t clean)
{
    manners.hang_up = true;
    start();
    info.clean_session = clean;
    connect_as(info);
    await(1);
    publish(1, 10, &arg_a);
    await(2);
    await_end();
    manners.hang_up = false;
    manners.session_present = clean == 0;
    connect_as(info);
    await(1);
    publish(0, 1, &arg_b);
    await(1);
    finish();
}

static void session_kept(void)
{
    come_back(0);
}

static void released_kept(void)
{
    manners.hang_up_late = true;
    start();
    info.clean_session = 0;
    connect_as(info);
    await(1);
    publish(2, 10, &arg_a);
    await(2);
    await_end();
    manners.hang_up_late = false;
    manners.session_present = 1;
    connect_as(info);
    await(1);
    publish(0, 1, &arg_b);
    await(1);
    finish();
}

static void session_clean(void)
{
    come_back(1);
}

static void greeted(const char *packets, size_t length, unsigned messages)
{
    manners.greeting = packets;
    manners.greeting_length = length;
    start_up();
    if (messages > 0)
        await(messages);
    publish(1, 1, &arg_a);
    await(1);
    finish();
}

#define GREETED(packets, messages) greeted(packets, sizeof packets - 1, messages)

static void messages(void)
{
    manners.mute = 1u << 5; /* a PUBREL could come before or after what the application sends */
    GREETED("\x32\x05\x00\x01t\x12\x34\x34\x05\x00\x01t\x00\x02\x3c\x05\x00\x01t\x00\x02\x30\x04\x00\x01"
            "az\x30\x04\x00\x01"
            "bz\x30\x04\x00\x01"
            "cz",
            5);
}

static void two_to_acknowledge(void)
{
    GREETED("\x32\x05\x00\x01t\x00\x05\x32\x05\x00\x01t\x00\x06", 2);
}

static void message_in_pieces(void)
{
    manners.piecemeal = true;
    GREETED("\x30\x05\x00\x01tyz", 1);
}

static void half_a_message(void)
{
    manners.hang_up_greeted = true;
    manners.greeting = "\x30\x09\x00\x01tx";
    manners.greeting_length = 6;
    start_up();
    await(1);
    note("deinit %d", ql_mqtt_client_deinit(&c));
}

static void message_too_early(void)
{
    manners.early = true;
    manners.greeting = "\x30\x04\x00\x01tx";
    manners.greeting_length = 6;
    start_up();
    note("deinit %d", ql_mqtt_client_deinit(&c));
}

static void long_message(void)
{
    static char packet[4 + 70 + 2000];
    memset(packet, 'm', sizeof packet);
    const size_t remaining = sizeof packet - 3;
    packet[0] = 0x30;
    packet[1] = (char)(0x80 | (remaining & 0x7f));
    packet[2] = (char)(remaining >> 7);
    packet[3] = 0;
    packet[4] = 70;
    greeted(packet, sizeof packet, 1);
}

static void very_long_message(void)
{
    static char packet[4 + 3 + 20000];
    memset(packet, 'm', sizeof packet);
    const size_t remaining = sizeof packet - 4;
    packet[0] = 0x30;
    packet[1] = (char)(0x80 | (remaining & 0x7f));
    packet[2] = (char)(0x80 | (remaining >> 7 & 0x7f));
    packet[3] = (char)(remaining >> 14);
    packet[4] = 0;
    packet[5] = 1;
    greeted(packet, sizeof packet, 1);
}

static void empty_message(void)
{
    GREETED("\x30\x03\x00\x01t", 1);
}

static void illegal_flags(void)
{
    manners.greeting = "\xd1\x00";
    manners.greeting_length = 2;
    start_up();
    await(1);
}

/* Waits for a packet; false if there was none in the time in which the defects would show. */
static bool await_packet(const char *hex)
{
    bool seen = false;
    for (int i = 0; i < 70 && !seen; i++) {
        poll(NULL, 0, 10);
        pthread_mutex_lock(&t.lock);
        seen = strstr(t.wire, hex) != NULL;
        pthread_mutex_unlock(&t.lock);
    }
    return seen;
}

static void unheard(void)
{
    manners.greeting = "\x32\x05\x00\x01t\x12\x34";
    manners.greeting_length = 7;
    start();
    ql_mqtt_set_inpub_callback(&c, NULL, NULL);
    connect_as(info);
    await(1);
    (void)await_packet("40021234");
    publish(1, 1, &arg_a);
    await(1);
    finish();
}

/* With a lead of 90 %, PINGREQ is due a tenth of the keep-alive after the last packet. How many there are is chance. */
static void stay(unsigned short keep_alive_s)
{
    start();
    info.keep_alive = keep_alive_s;
    connect_as(info);
    await(1);
    bool pinged = await_packet("c000");
    await(1);
    pthread_mutex_lock(&t.lock);
    strcpy(t.wire, pinged ? "pinged\n" : "not pinged\n");
    pthread_mutex_unlock(&t.lock);
}

static void pinging(void)
{
    stay(1);
}

static void pinging_under_traffic(void)
{
    manners.chatter = true;
    stay(1);
}

static void not_pinging(void)
{
    stay(0);
}

static void unanswered_ping(void)
{
    manners.mute = 1u << 12;
    stay(1);
}

static void call_from_callback(void)
{
    (void)ql_mqtt_publish(&c, "t", "x", 1, 1, 0, answered, &arg_b);
}

static void call_without_ack_from_callback(void)
{
    (void)ql_mqtt_publish(&c, "t", "x", 1, 0, 0, answered, &arg_b);
}

/* Hears the topic before and after a call of its own. */
static void incoming_and_publishing(mqtt_client_t *client, void *arg, int id, const char *topic, const unsigned char *payload,
                                    unsigned short length)
{
    (void)arg, (void)id, (void)payload, (void)length;
    call_without_ack_from_callback();
    hear("topic %s own %d", topic, *client == c);
}

static void publishing_inside(void)
{
    manners.greeting = "\x30\x04\x00\x01"
                       "az";
    manners.greeting_length = 6;
    start();
    note("set %d", ql_mqtt_set_inpub_callback(&c, incoming_and_publishing, &arg_b));
    connect_as(info);
    await(3);
    finish();
}

static void nested(void)
{
    start();
    inside = call_from_callback;
    connect_as(info);
    await(2);
    finish();
}

static void deinit_with_pending(void)
{
    manners.mute = 1u << 3;
    start_up();
    publish(1, 1, &arg_a);
    note("deinit %d", ql_mqtt_client_deinit(&c));
    pthread_mutex_lock(&t.lock);
    add(t.heard, sizeof t.heard, "(released)\n"); /* nothing may come behind it */
    pthread_mutex_unlock(&t.lock);
    await(1);
    await_end();
}

static size_t heap_in_use(void)
{
#if defined(__SANITIZE_ADDRESS__)
    return __sanitizer_get_current_allocated_bytes();
#else
    return mallinfo2().uordblks;
#endif
}

static void heap(void)
{
    size_t before = 0;
    for (int i = 0; i < 8; i++) {
        start_up();
        finish();
        if (i == 3)
            before = heap_in_use();
    }
    note("grown %d", heap_in_use() > before + 16384);
}

static void slow_answer(void)
{
    manners.mute = 1u << 3;
    start_up();
    struct timespec begin;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    publish(1, 1, &arg_a);
    clock_gettime(CLOCK_MONOTONIC, &end);
    note("waited %d", (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000 > 150);
    await(1);
    finish();
}

static void token(void)
{
    char product[] = "p";
    char device[] = "d";
    char version[] = "2018-10-31";
    char key[] = "KuF3NT/jUBJ62LNBB/A8XZA9CqS3Cu79B/ABmfA1UCw=";
    /* Expires at a given time, whatever the clock: what is left to differ is a defect. */
    char *text = ql_mqtt_onenet_generate_auth_token(1537255523 - time(NULL), product, device, version, key);
    note("%s", text);
    free(text);
}

/* ---- TLS, against mosquitto ---- */

static char ca[] = "UFS:ca.pem";
static char absent[] = "UFS:absent.pem";
static char stranger[] = "UFS:stranger.pem";
static char cert[] = "UFS:client.pem";
static char locked_key[] = "UFS:client-locked.key";
static char password[] = "secret";

static void tls_connect(enum listener listener, const char *host, char *ca_path, int level, bool mutual)
{
    struct mqtt_ssl_config_t ssl = { .verify_level = level, .cacert_path = ca_path };
    take_own_id();
    char url[64];
#if QL_SDK_GENERATION >= 2
    ssl.ssl_version = 4;
#endif
    if (mutual) {
        ssl.client_cert_path = cert;
        ssl.client_key_path = locked_key;
        ssl.client_key_pwd = password;
    }
    snprintf(url, sizeof url, "mqtts://%s:%u", host, (unsigned)broker_port(listener));
    start();
    info.ssl_cfg = &ssl;
    note("connect %d", ql_mqtt_connect(&c, url, connected, &arg_a, &info, excepted));
    await(1);
    note("deinit %d", ql_mqtt_client_deinit(&c));
}

static void tls_stranger(void)
{
    tls_connect(TLS_GOOD, "localhost", stranger, 1, false);
}

static void tls_no_ca(void)
{
    tls_connect(TLS_GOOD, "localhost", absent, 1, false);
}

/* The server shows that it has seen CONNECT by closing the connection of the same client id. */
static void tls_take_over(void)
{
    static mqtt_client_t first;
    take_own_id();
    snprintf(peer.url, sizeof peer.url, "mqtt://localhost:%u", (unsigned)broker_port(PLAIN));
    start_up();
    first = c;
    tls_connect(TLS_OTHER, "localhost", ca, 1, false);
    c = first;
    await(1);
}

static void tls_other_name(void)
{
    tls_connect(TLS_OTHER, "localhost", ca, 1, false);
}

static void tls_expired(void)
{
    char why[64];
    qlv_module_set("clock.offset_s", "3456000", why, sizeof why);
    tls_connect(TLS_GOOD, "localhost", ca, 1, false);
}

static void tls_mutual(void)
{
    tls_connect(TLS_MUTUAL, "localhost", ca, 2, true);
}

static void tls_leave(void)
{
    struct mqtt_ssl_config_t ssl = { .verify_level = 1, .cacert_path = ca };
    take_own_id();
#if QL_SDK_GENERATION >= 2
    ssl.ssl_version = 4;
#endif
    snprintf(peer.url, sizeof peer.url, "mqtts://localhost:%u", (unsigned)broker_port(TLS_GOOD));
    start();
    info.ssl_cfg = &ssl;
    connect_as(info);
    await(1);
    note("disconnect %d", ql_mqtt_disconnect(&c, disconnected, &arg_b));
    await(1);
    note("deinit %d", ql_mqtt_client_deinit(&c));
}

static void tls_greeting(const char *host)
{
    struct mqtt_ssl_config_t ssl = { .verify_level = 0 };
#if QL_SDK_GENERATION >= 2
    ssl.ssl_version = 4;
    ssl.sni_enable = 1;
#endif
    snprintf(peer.url, sizeof peer.url, "mqtts://%s:%u", host, (unsigned)peer.port);
    start();
    info.ssl_cfg = &ssl;
    connect_as(info);
    await(1);
}

/* The server looks at what comes before TLS is up, and hangs up. */
static void tls_hello(void)
{
    manners.listen_only = true;
    tls_greeting("localhost");
    await_end();
}

static void tls_hello_to_address(void)
{
    manners.listen_only = true;
    tls_greeting("127.0.0.1");
    await_end();
}

static void tls_unanswered(void)
{
    manners.deaf = true;
    tls_greeting("localhost");
    note("deinit %d", ql_mqtt_client_deinit(&c));
}

/* No CA at level 1, and a server that would take plain MQTT. */
static void tls_to_plain_server(void)
{
    struct mqtt_ssl_config_t ssl = { .verify_level = 1, .cacert_path = absent };
#if QL_SDK_GENERATION >= 2
    ssl.ssl_version = 4;
#endif
    start();
    info.ssl_cfg = &ssl;
    memmove(peer.url + 5, peer.url + 4, strlen(peer.url + 4) + 1);
    peer.url[4] = 's';
    connect_as(info);
    await(1);
    note("deinit %d", ql_mqtt_client_deinit(&c));
}

/* ---- the comparison ---- */

struct showing {
    const char *defect;
    void (*exercise)(void);
    const char *settings;
};

struct result {
    char text[sizeof t.wire + sizeof t.heard + sizeof t.returned + 128];
};

static void run_in_child(const struct showing *showing, bool with_defect, int output)
{
    char settings[256];
    pthread_t server;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(HANG_S);
    if (freopen("/dev/null", "w", stderr) == NULL)
        _exit(2);
    snprintf(settings, sizeof settings,
             "close_ms=200;deinit_ms=500;%s%s%s", showing->settings, with_defect ? ";defect=" : "", with_defect ? showing->defect : "");
    use_options(settings);
    caller = pthread_self();
    peer_open(&peer);
    pthread_create(&server, NULL, serve, NULL);
    showing->exercise();
    pthread_mutex_lock(&t.lock);
    dprintf(output, "%s--- returned\n%s--- heard\n%s", t.wire, t.returned, t.heard);
    _exit(0);
}

struct running {
    pid_t child;
    int output;
    struct result result;
};

static void launch(const struct showing *showing, bool with_defect, struct running *running)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    running->child = fork();
    assert_true(running->child >= 0);
    if (running->child == 0)
        run_in_child(showing, with_defect, ends[1]);
    close(ends[1]);
    running->output = ends[0];
}

static const char *collect(struct running *running)
{
    char *text = running->result.text;
    int status = 0;
    size_t length = 0;
    for (ssize_t got; (got = read(running->output, text + length, sizeof running->result.text - 64 - length)) > 0;)
        length += (size_t)got;
    close(running->output);
    assert_int_equal(waitpid(running->child, &status, 0), running->child);
    snprintf(text + length, 64, "status %x\n", (unsigned)status);
    return text;
}

#define QUICK "request_ms=250"
#define PINGING "ping_lead_percent=90;ping_ms=300"

static const struct showing plain_showings[] = {
    { "publish-returns-success", session, "" },
    { "publish-callback-lost", session, "" },
    { "connect-callback-twice", session, "" },
    { "disconnect-callback-lost", session, "" },
    { "exception-after-disconnect", session, "" },
    { "callback-from-caller", session, "" },
    { "connected-too-early", session, "" },
    { "connected-too-long", session, "" },
    { "disconnect-packet-missing", session, "" },
    { "packet-after-disconnect", session, "" },
    { "retain-lost", session, "" },
    { "qos-capped", session, "" },
    { "payload-truncated", session, "" },
    { "payload-ends-at-nul", session, "" },
    { "remaining-length-boundary", session, "" },
    { "subscribe-qos-lost", session, "" },
    { "subscribe-flags-zero", session, "" },
    { "unsubscribe-as-subscribe", session, "" },
    { "pubrel-flags-zero", session, "" },
    { "packet-id-reused", session, "" },
    { "connect-fails-and-goes-on", session, "" },
    { "request-arg-of-connect", session, "" },
    { "protocol-level-wrong", session, "" },
    { "qos0-sent-twice", session, "" },
    { "subscribe-id-zero", session, "" },
    { "refused-subscribe-sent", too_many, QUICK },
    { "qos3-sent", bad_arguments, "" },
    { "wildcard-published", bad_arguments, "" },
    { "filter-unchecked", bad_arguments, "" },
    { "second-connect-sent", bad_arguments, "" },
    { "second-connect-taken", bad_arguments, "" },
    { "null-payload-read", bad_arguments, "" },
    { "long-topic-crashes", bad_arguments, "" },
    { "password-alone-sent", odd_identities, "" },
    { "empty-client-id-kept", odd_identities, "" },
    { "unconnected-accepted", handles, "" },
    { "stale-handle-taken", handles, "" },
    { "slot-leaked", handles, "" },
    { "connect-callback-at-loss", lost, "" },
    { "exception-twice", lost, "" },
    { "exception-missing", lost, "" },
    { "pending-dropped-at-loss", lost, "" },
    { "reconnect-refused", lost, "" },
    { "reconnects-by-itself", lost, "" },
    { "refusal-untold", refused, "" },
    { "refusal-code-flattened", refused, "" },
    { "exception-after-refusal", refused, "" },
    { "socket-leaked", refused, "" },
    { "connack-code-raw", refused_oddly, "" },
    { "request-arg-shared", two_pending, "" },
    { "ack-id-unchecked", two_pending, "" },
    { "callback-handle-wrong", second_client, "" },
    { "callback-after-deinit", deinit_with_pending, "" },
    { "success-before-ack", never_acknowledged, QUICK },
    { "timeout-told-as-success", never_acknowledged, QUICK },
    { "request-timeout-missing", never_acknowledged, QUICK },
    { "qos0-dropped-beside-pending", beside_pending, QUICK },
    { "late-ack-told", acknowledged_again, "" },
    { "data-call-loss-unseen", network_lost, "" },
    { "clean-session-ignored", every_field, "" },
    { "keep-alive-in-minutes", every_field, "" },
    { "client-id-truncated", every_field, "" },
    { "user-omitted", every_field, "" },
    { "password-truncated", every_field, "" },
    { "will-omitted", every_field, "" },
    { "will-qos-lost", every_field, "" },
    { "will-retain-lost", every_field, "" },
    { "resend-without-dup", session_kept, "" },
    { "resend-with-new-id", session_kept, "" },
    { "session-not-resumed", session_kept, "" },
    { "publish-resent-after-pubrec", released_kept, "" },
    { "ping-late", pinging, PINGING },
    { "ping-answer-unseen", pinging, PINGING },
    { "pingresp-sent", pinging, PINGING },
    { "ping-postponed-by-inbound", pinging_under_traffic, PINGING },
    { "ping-at-zero", not_pinging, PINGING },
    { "ping-unsupervised", unanswered_ping, PINGING },
    { "ack-type-unchecked", wrong_kind, QUICK },
    { "suback-failure-ignored", wrong_kind, QUICK },
    { "err-unlisted", wrong_kind, QUICK },
    { "qos2-done-at-pubrec", pubrec_unfinished, QUICK },
    { "pubrel-missing", session, "request_ms=300" },
    { "clean-session-resent", session_clean, "" },
    { "message-truncated", long_message, "" },
    { "message-topic-truncated", long_message, "" },
    { "long-message-cut", very_long_message, "" },
    { "message-id-swapped", messages, "" },
    { "message-arg-lost", messages, "" },
    { "messages-reordered", messages, "" },
    { "message-lost-in-segment", messages, "" },
    { "qos2-delivered-twice", messages, "" },
    { "puback-missing", messages, "" },
    { "inpub-wiped-by-connect", messages, "" },
    { "set-callback-returns-one", messages, "" },
    { "set-callback-wouldblock", messages, "" },
    { "puback-twice", messages, "" },
    { "acks-newest-first", two_to_acknowledge, "" },
    { "message-in-pieces-cut", message_in_pieces, "" },
    { "message-before-session", message_too_early, "" },
    { "half-message-brought", half_a_message, "" },
    { "topic-buffer-shared", publishing_inside, "" },
    { "unheard-message-unacknowledged", unheard, "" },
    { "empty-message-fatal", empty_message, "" },
    { "invalid-flags-tolerated", illegal_flags, "" },
    { "tls-given-up", tls_to_plain_server, "" },
    { "sni-missing", tls_hello, "" },
    { "weak-ciphers-offered", tls_hello, "" },
    { "sni-carries-address", tls_hello_to_address, "" },
    { "handshake-unbounded", tls_unanswered, "tls_ms=200" },
    { "receive-buffer-leaked", heap, "" },
    { "connack-timeout-missing", unanswered_connect, "connack_ms=150" },
    { "token-without-clock", token, "" },
    { "token-unescaped", token, "" },
    { "token-key-undecoded", token, "" },
    { "callback-under-lock", nested, "" },
    { "callback-nested", publishing_inside, "" },
    { "publish-waits-for-ack", slow_answer, QUICK },
    { "first-publish-retained", odd_arguments, "" },
    { "null-client-a-bad-request", odd_arguments, "" },
    { "null-callback-refused", odd_arguments, "" },
    { "topic-not-utf8-sent", odd_arguments, "" },
    { "released-client-connects", odd_arguments, "" },
    { "refused-beside-another", beside_another, "" },
    { "handle-shared", beside_another, "" },
    { "inpub-not-replaced", replaced_callback, "" },
    { "resend-without-end", never_acknowledged, "request_ms=250;retries=1" },
};

static const struct showing tls_showings[] = {
    { "verify-level-ignored", tls_stranger, "" },
    { "ca-missing-tolerated", tls_no_ca, "" },
    { "connect-before-verification", tls_take_over, "" },
    { "host-name-unchecked", tls_other_name, "" },
    { "client-certificate-withheld", tls_mutual, "" },
    { "key-password-ignored", tls_mutual, "" },
    { "certificate-time-ignored", tls_expired, "" },
    { "exception-after-tls-disconnect", tls_leave, "" },
};

#define AT_ONCE 4

/* How many of `showings` share the exercise of the first. */
static size_t group_size(const struct showing *showings, size_t count)
{
    size_t size = 1;
    while (size < count && showings[size].exercise == showings->exercise && strcmp(showings[size].settings, showings->settings) == 0)
        size++;
    return size;
}

static const char *run_clean(const struct showing *showing)
{
    static struct running runs[2];
    launch(showing, false, &runs[0]);
    launch(showing, false, &runs[1]);
    const char *clean = collect(&runs[0]);
    const char *again = collect(&runs[1]);
    if (strcmp(clean, again) != 0)
        fail_msg("without a defect, two runs differ:\n%s\n%s", clean, again);
    if (strstr(clean, "status 0\n") == NULL)
        fail_msg("without a defect it ends badly:\n%s", clean);
    return clean;
}

static void show_some(const struct showing *showings, size_t count, const char *clean)
{
    static struct running runs[AT_ONCE];
    for (size_t i = 0; i < count; i++)
        launch(&showings[i], true, &runs[i]);
    for (size_t i = 0; i < count; i++)
        if (strcmp(clean, collect(&runs[i])) == 0)
            fail_msg("%s does not show:\n%s", showings[i].defect, clean);
}

static void show_all(const struct showing *showings, size_t count)
{
    for (size_t at = 0; at < count;) {
        size_t group = group_size(showings + at, count - at);
        const char *clean = run_clean(showings + at);
        for (size_t i = 0; i < group; i += AT_ONCE)
            show_some(showings + at + i, group - i < AT_ONCE ? group - i : AT_ONCE, clean);
        at += group;
    }
}

static void every_defect_shows(void **state)
{
    (void)state;
    show_all(plain_showings, sizeof plain_showings / sizeof plain_showings[0]);
}

static void every_defect_of_tls_shows(void **state)
{
    if (*state == NULL)
        skip();
    show_all(tls_showings, sizeof tls_showings / sizeof tls_showings[0]);
}

static int start_broker(void **state)
{
    static bool started;
    started = broker_start();
    *state = started ? &started : NULL;
    return 0;
}

static int stop_broker(void **state)
{
    if (*state != NULL)
        broker_stop();
    return 0;
}

static bool is_shown(const char *name)
{
    for (size_t i = 0; i < sizeof plain_showings / sizeof plain_showings[0]; i++)
        if (strcmp(plain_showings[i].defect, name) == 0)
            return true;
    for (size_t i = 0; i < sizeof tls_showings / sizeof tls_showings[0]; i++)
        if (strcmp(tls_showings[i].defect, name) == 0)
            return true;
    return false;
}

static void no_defect_is_left_out(void **state)
{
    static const char *const names[] = {
#define DEFECT(id, name, clause, family, gloss) name,
#include "defects.def"
#undef DEFECT
    };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!is_shown(names[i]))
            fail_msg("not shown: %s", names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_defect_is_left_out),
        cmocka_unit_test(every_defect_shows),
        cmocka_unit_test_setup_teardown(every_defect_of_tls_shows, start_broker, stop_broker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
