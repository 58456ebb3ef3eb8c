/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF. */
#ifndef SHIM_UTF8_H
#define SHIM_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the character that begins at `bytes`, 0 if none does. */
size_t shim_utf8_step(const uint8_t *bytes, size_t count);
bool shim_utf8_valid(const void *bytes, size_t count);
/* How many of the first `count` bytes are whole characters, when the text may be cut inside its last one. */
size_t shim_utf8_whole(const void *bytes, size_t count);
/* Writes the character (not a surrogate, at most U+10FFFF) and gives its length, 1 to 4. */
size_t shim_utf8_put(uint8_t *bytes, uint32_t character);

#endif
