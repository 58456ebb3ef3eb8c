#define _POSIX_C_SOURCE 200809L
#include "peer.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#define BUDGET_MS 10000

void peer_open(struct peer *peer)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof address;
    peer->connection = -1;
    peer->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(peer->listener >= 0);
    assert_int_equal(bind(peer->listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(peer->listener, 8), 0);
    assert_int_equal(getsockname(peer->listener, (struct sockaddr *)&address, &size), 0);
    peer->port = ntohs(address.sin_port);
    snprintf(peer->url, sizeof peer->url, "mqtt://127.0.0.1:%u", (unsigned)peer->port);
}

static void drop(int *fd)
{
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
}

void peer_close(struct peer *peer)
{
    drop(&peer->connection);
    drop(&peer->listener);
}

static void wait_readable(int fd, const char *what)
{
    struct pollfd watched = { .fd = fd, .events = POLLIN };
    if (poll(&watched, 1, BUDGET_MS) != 1)
        fail_msg("%s: nothing within %d ms", what, BUDGET_MS);
}

void peer_accept(struct peer *peer)
{
    drop(&peer->connection);
    wait_readable(peer->listener, "a connection");
    peer->connection = accept(peer->listener, NULL, NULL);
    assert_true(peer->connection >= 0);
}

static void read_exactly(struct peer *peer, uint8_t *bytes, size_t length)
{
    while (length > 0) {
        wait_readable(peer->connection, "bytes of a packet");
        ssize_t got = recv(peer->connection, bytes, length, 0);
        if (got <= 0)
            fail_msg("the client ended the connection inside or before a packet");
        bytes += got;
        length -= (size_t)got;
    }
}

size_t peer_read(struct peer *peer, uint8_t *packet, size_t room)
{
    size_t remaining = 0;
    size_t size = 1;
    read_exactly(peer, packet, 1);
    do {
        assert_true(size < 5);
        read_exactly(peer, packet + size, 1);
        remaining |= (size_t)(packet[size] & 0x7f) << (7 * (size - 1));
    } while ((packet[size++] & 0x80) != 0);
    assert_true(size + remaining <= room);
    read_exactly(peer, packet + size, remaining);
    return size + remaining;
}

void peer_expect(struct peer *peer, const void *bytes, size_t length)
{
    static uint8_t packet[262144];
    size_t size = peer_read(peer, packet, sizeof packet);
    size_t common = size < length ? size : length;
    assert_memory_equal(packet, bytes, common);
    assert_int_equal(size, length);
}

void peer_expect_end(struct peer *peer)
{
    uint8_t byte;
    wait_readable(peer->connection, "the end of the connection");
    ssize_t got = recv(peer->connection, &byte, 1, 0);
    if (got > 0)
        fail_msg("a byte %02x instead of the end of the connection", byte);
    if (got < 0)
        fail_msg("a reset instead of the end of the connection");
}

void peer_send(struct peer *peer, const void *bytes, size_t length)
{
    const uint8_t *from = bytes;
    while (length > 0) {
        ssize_t sent = send(peer->connection, from, length, MSG_NOSIGNAL);
        assert_true(sent > 0);
        from += sent;
        length -= (size_t)sent;
    }
}

void peer_fin(struct peer *peer)
{
    drop(&peer->connection);
}

void peer_shutdown(struct peer *peer)
{
    assert_int_equal(shutdown(peer->connection, SHUT_WR), 0);
}

void peer_rst(struct peer *peer)
{
    const struct linger abort_it = { .l_onoff = 1, .l_linger = 0 };
    assert_int_equal(setsockopt(peer->connection, SOL_SOCKET, SO_LINGER, &abort_it, sizeof abort_it), 0);
    drop(&peer->connection);
}
