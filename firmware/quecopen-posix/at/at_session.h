/* One conversation with the AT interpreter: a port, or a virtual port. */
#ifndef QLV_AT_SESSION_H
#define QLV_AT_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#define QLV_AT_LINE_BYTES 512

/* What a command asks for once its answer has been written. */
enum qlv_at_end { QLV_AT_GO_ON, QLV_AT_RESET, QLV_AT_POWER_DOWN, QLV_AT_DOWNLOAD };

struct qlv_at_session {
    /* Where answers go. */
    void (*write)(void *ctx, const char *bytes, size_t count);
    void *ctx;
    bool has_echo;
    int error_form; /* AT+CMEE: 0 plain, 1 number, 2 text */
    char line[QLV_AT_LINE_BYTES];
    size_t length;
    bool is_too_long;
};

void qlv_at_session_start(struct qlv_at_session *session, void (*write)(void *ctx, const char *bytes, size_t count), void *ctx);

/* Takes bytes as they come, answers every whole line, and stops at a command that ends this boot. */
enum qlv_at_end qlv_at_feed(struct qlv_at_session *session, const char *bytes, size_t count);

/* Writes "\r\nTEXT\r\n", as an information response. */
__attribute__((format(printf, 2, 3))) void qlv_at_say(struct qlv_at_session *session, const char *format, ...);

#endif
