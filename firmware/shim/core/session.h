/* Which session, link and boot it is (docs/protocol.md §3). */
#ifndef SHIM_SESSION_H
#define SHIM_SESSION_H

#include <stdbool.h>
#include <stdint.h>

#define SHIM_NONCE_DIGITS 16
#define SHIM_BOOT_DIGITS 8

struct shim_session {
    bool is_open;
    uint32_t number; /* of the newest session, 0 before the first */
    uint32_t link;   /* of the newest hello, 0 before the first */
    char nonce[SHIM_NONCE_DIGITS + 1];
    char boot[SHIM_BOOT_DIGITS + 1];
};

enum shim_hello {
    SHIM_HELLO_REPEATED, /* the same hello once more: it changes nothing */
    SHIM_HELLO_RESUMED,
    SHIM_HELLO_FRESH
};

bool shim_nonce_valid(const char *nonce);
/* `number` is the session to resume or 0; `last` the newest event of the open session. */
enum shim_hello shim_session_hello(struct shim_session *session, const char *nonce, uint32_t number, uint32_t acked, uint32_t last);

#endif
