/* A server that does what the test says, byte by byte, over one connection at a time. Every wait fails the test after 10 s. */
#ifndef PEER_H
#define PEER_H

#include <stddef.h>
#include <stdint.h>

struct peer {
    int listener;
    int connection;
    uint16_t port;
    char url[64];
};

void peer_open(struct peer *peer);
void peer_close(struct peer *peer);
void peer_accept(struct peer *peer);
/* One whole packet, its fixed header included; returns its size. */
size_t peer_read(struct peer *peer, uint8_t *packet, size_t room);
/* Reads one packet and compares it. */
void peer_expect(struct peer *peer, const void *bytes, size_t length);
/* The client has closed its side, and not with a reset: that can destroy what was sent before it. */
void peer_expect_end(struct peer *peer);
void peer_send(struct peer *peer, const void *bytes, size_t length);
/* Ends the connection: politely, half, or with a reset. */
void peer_fin(struct peer *peer);
void peer_shutdown(struct peer *peer);
void peer_rst(struct peer *peer);

#define PEER_EXPECT(peer, ...) peer_expect(peer, (const uint8_t[]){ __VA_ARGS__ }, sizeof(const uint8_t[]){ __VA_ARGS__ })
#define PEER_SEND(peer, ...) peer_send(peer, (const uint8_t[]){ __VA_ARGS__ }, sizeof(const uint8_t[]){ __VA_ARGS__ })

#endif
