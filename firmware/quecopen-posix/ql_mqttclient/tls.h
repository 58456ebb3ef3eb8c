/* One TLS session as a client, over a socket that does not block. */
#ifndef MQ_TLS_H
#define MQ_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "info.h"

struct mq_tls;

/* Loads what `info->ssl` names, before any network traffic. NULL when something needed is missing or unreadable: it fails closed. */
struct mq_tls *mq_tls_new(const struct mq_info *info);
/* Before the handshake: the connected socket, which stays the caller's. */
void mq_tls_attach(struct mq_tls *tls, int fd);
void mq_tls_free(struct mq_tls *tls);

/* 1 done, 0 call again when the socket is ready, -1 failed. */
int mq_tls_handshake(struct mq_tls *tls);
/* Whether the certificate was found good, for a handshake that went on without it. */
bool mq_tls_peer_is_good(const struct mq_tls *tls);

/* Bytes moved, 0 when it would block, -1 when the connection has ended. */
int mq_tls_send(struct mq_tls *tls, const uint8_t *bytes, size_t length);
int mq_tls_receive(struct mq_tls *tls, uint8_t *bytes, size_t room);
/* Bytes that are decrypted already: the socket will not announce them. */
bool mq_tls_has_pending(const struct mq_tls *tls);
/* The session waits for room in the socket, not for bytes from it. */
bool mq_tls_wants_write(const struct mq_tls *tls);
void mq_tls_say_goodbye(struct mq_tls *tls);

#endif
