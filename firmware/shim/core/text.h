/* Text that grows inside a caller's buffer. What does not fit is left out and remembered: look at `overflow` once, at the end. */
#ifndef SHIM_TEXT_H
#define SHIM_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct shim_text {
    char *at;
    size_t room;
    size_t used;
    bool overflow;
};

void shim_text_init(struct shim_text *text, char *at, size_t room);
void shim_text_bytes(struct shim_text *text, const char *bytes, size_t count);
/* A NUL-terminated string, as it is. */
void shim_text_raw(struct shim_text *text, const char *raw);
void shim_text_char(struct shim_text *text, char c);
void shim_text_int(struct shim_text *text, int64_t number);
void shim_text_uint(struct shim_text *text, uint64_t number);
void shim_text_hex(struct shim_text *text, const void *bytes, size_t count);
/* 8 lower-case hex digits. */
void shim_text_hex32(struct shim_text *text, uint32_t number);
void shim_text_base64(struct shim_text *text, const void *bytes, size_t count);
/* A JSON string of valid UTF-8, with its quotes. */
void shim_text_quoted(struct shim_text *text, const char *utf8, size_t count);
/* As above; bytes that are not UTF-8 become U+FFFD. */
void shim_text_quoted_lossy(struct shim_text *text, const char *bytes, size_t count);

#endif
