/* Base64 (RFC 4648 §4, padded). */
#ifndef SHIM_BASE64_H
#define SHIM_BASE64_H

#include <stddef.h>
#include <stdint.h>

#define SHIM_BASE64_LENGTH(bytes) (((bytes) + 2) / 3 * 4)

/* Writes SHIM_BASE64_LENGTH(count) characters, no NUL. */
void shim_base64_encode(char *text, const uint8_t *bytes, size_t count);
/* Bytes written, or -1: not base64, or more than `room`. */
int shim_base64_decode(uint8_t *bytes, size_t room, const char *text, size_t length);

#endif
