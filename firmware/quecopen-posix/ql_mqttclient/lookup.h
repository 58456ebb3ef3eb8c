/* Name resolution in a thread of its own, because the C library's blocks. */
#ifndef MQ_LOOKUP_H
#define MQ_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

struct addrinfo;
struct mq_lookup;

/* `wake` is called from the other thread once there is an answer. NULL: no thread or no memory. */
struct mq_lookup *mq_lookup_start(const char *host, uint16_t port, void (*wake)(void));

/* True once it has ended; `found` is then the caller's to free with freeaddrinfo, NULL if the name is unknown. */
bool mq_lookup_finished(struct mq_lookup *lookup, struct addrinfo **found);

/* Gives the lookup up, finished or not. */
void mq_lookup_drop(struct mq_lookup *lookup);

/* The answer that needs no lookup: the host is an address. NULL otherwise. */
struct addrinfo *mq_lookup_address(const char *host, uint16_t port);

#endif
