/*
 * Sockets whose session is over, kept until the server has closed its side: to close one with unread bytes makes the kernel send a reset,
 * which can overtake the DISCONNECT before it.
 */
#ifndef MQ_LINGER_H
#define MQ_LINGER_H

#include <poll.h>
#include <stddef.h>
#include <stdint.h>

#define MQ_LINGER_MAX 16

/* Takes the socket over: half-closes it, drains it, closes it after `for_ms` at the latest. */
void mq_linger_add(int fd, int64_t now_ms, int64_t for_ms);
/* Adds what to wait for; returns how many. */
size_t mq_linger_watch(struct pollfd *into);
/* Drains and closes what is due. */
void mq_linger_serve(int64_t now_ms);
/* When the next is due, INT64_MAX for none. */
int64_t mq_linger_deadline(void);

#endif
