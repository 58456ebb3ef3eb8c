#ifndef MQ_URL_H
#define MQ_URL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mq_url {
    char host[1025]; /* an IPv6 address without its brackets */
    uint16_t port;
    bool has_scheme;
    bool secure; /* mqtts:// */
    bool has_port;
};

/* Reads `[mqtt://|mqtts://]host[:port]`; host_max in bytes. False when it is anything else. Without a port: 1883, with mqtts 8883. */
bool mq_url_parse(const char *text, size_t host_max, struct mq_url *url);

/* The host is an address, not a name. */
bool mq_url_is_address(const char *host);

#endif
