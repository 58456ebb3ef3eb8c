#define _GNU_SOURCE
#include "exercise.h"

#include <poll.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct peer peer;
struct manners manners;
pthread_mutex_t at_connack = PTHREAD_MUTEX_INITIALIZER;

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
    pthread_mutex_lock(&transcript.lock);
    for (size_t i = 0; i < size && i < 160; i++)
        append(transcript.wire, sizeof transcript.wire, "%02x", packet[i]);
    append(transcript.wire, sizeof transcript.wire, " %zu bytes\n", size);
    pthread_mutex_unlock(&transcript.lock);
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
    pthread_mutex_lock(&transcript.lock);
    transcript.ends++;
    pthread_cond_signal(&transcript.changed);
    pthread_mutex_unlock(&transcript.lock);
    close(fd);
    return NULL;
}

void *serve(void *unused)
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
