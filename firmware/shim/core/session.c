#include "session.h"

#include <string.h>

bool shim_nonce_valid(const char *nonce)
{
    return strlen(nonce) == SHIM_NONCE_DIGITS && strspn(nonce, "0123456789abcdef") == SHIM_NONCE_DIGITS;
}

enum shim_hello shim_session_hello(struct shim_session *session, const char *nonce, uint32_t number, uint32_t acked, uint32_t last)
{
    if (session->is_open && strcmp(session->nonce, nonce) == 0)
        return SHIM_HELLO_REPEATED;
    if (session->boot[0] == '\0')
        memcpy(session->boot, nonce, SHIM_BOOT_DIGITS);
    memcpy(session->nonce, nonce, SHIM_NONCE_DIGITS + 1);
    session->link++;
    /* A host that acknowledged more than there is speaks of another boot's session of that number. */
    if (session->is_open && number == session->number && acked <= last)
        return SHIM_HELLO_RESUMED;
    session->is_open = true;
    session->number++;
    return SHIM_HELLO_FRESH;
}
