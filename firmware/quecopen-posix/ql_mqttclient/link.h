/* The byte stream to the server: name, TCP, TLS. Never blocks. */
#ifndef MQ_LINK_H
#define MQ_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "info.h"
#include "lookup.h"
#include "tls.h"

struct mq_link {
    int fd; /* -1: none */
    struct mq_tls *tls;
    struct mq_lookup *lookup;
    struct addrinfo *addresses;
    struct addrinfo *untried;
};

enum mq_step { MQ_STEP_DONE, MQ_STEP_AGAIN, MQ_STEP_FAILED };

/* How a link ends. */
enum mq_ending { MQ_ENDING_GRACEFUL, MQ_ENDING_RESET };

void mq_link_init(struct mq_link *link);
/* Loads TLS material and starts to reach the server. `wake` is called when a lookup has ended. False: it can't be reached. */
bool mq_link_open(struct mq_link *link, const struct mq_info *info, void (*wake)(void));
/* Until the TCP connection is up. */
enum mq_step mq_link_reach(struct mq_link *link);
/* Until the TLS session is up. */
enum mq_step mq_link_secure(struct mq_link *link);
/* Bytes moved, 0 when it would block, -1 when the connection has ended. */
int mq_link_send(struct mq_link *link, const uint8_t *bytes, size_t length);
int mq_link_receive(struct mq_link *link, uint8_t *bytes, size_t room);
bool mq_link_has_pending(const struct mq_link *link);
/* Lets everything go; an open socket lingers for_ms at most. */
void mq_link_close(struct mq_link *link, enum mq_ending ending, int64_t now_ms, int64_t for_ms);

#endif
