#include "utf8.h"

/* The lowest code point that needs 1 + index continuation bytes: anything below is an overlong form. */
static const uint32_t lowest[] = { 0x80, 0x800, 0x10000 };

/* Bytes of the character at `bytes`, 0 if it is ill-formed. */
static size_t character(const uint8_t *bytes, size_t length)
{
    uint8_t first = bytes[0];
    if (first < 0x80)
        return first != 0;
    size_t more = first >= 0xf0 && first < 0xf8 ? 3 : first >= 0xe0 ? 2 : 1;
    if (first < 0xc0 || first >= 0xf8 || more >= length)
        return 0;
    uint32_t code = first & (0x3fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (bytes[i] & 0x3fu);
    }
    if (code < lowest[more - 1] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
        return 0;
    return more + 1;
}

bool mq_utf8_valid(const uint8_t *bytes, size_t length)
{
    for (size_t at = 0; at < length;) {
        size_t size = character(bytes + at, length - at);
        if (size == 0)
            return false;
        at += size;
    }
    return true;
}
