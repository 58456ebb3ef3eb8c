#include "base64.h"

static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void shim_base64_encode(char *text, const uint8_t *bytes, size_t count)
{
    for (size_t i = 0; i < count; i += 3) {
        uint32_t group = (uint32_t)bytes[i] << 16;
        if (i + 1 < count)
            group |= (uint32_t)bytes[i + 1] << 8;
        if (i + 2 < count)
            group |= bytes[i + 2];
        *text++ = digits[group >> 18];
        *text++ = digits[group >> 12 & 63];
        *text++ = i + 1 < count ? digits[group >> 6 & 63] : '=';
        *text++ = i + 2 < count ? digits[group & 63] : '=';
    }
}

static int value_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int shim_base64_decode(uint8_t *bytes, size_t room, const char *text, size_t length)
{
    if (length % 4 != 0)
        return -1;
    size_t pad = 0;
    while (pad < 2 && pad < length && text[length - 1 - pad] == '=')
        pad++;
    size_t written = 0;
    uint32_t group = 0;
    for (size_t i = 0; i < length - pad; i++) {
        int value = value_of(text[i]);
        if (value < 0)
            return -1;
        group = group << 6 | (uint32_t)value;
        /* The first digit of a group alone makes no byte; each other one completes one. */
        if (i % 4 == 0)
            continue;
        if (written >= room)
            return -1;
        bytes[written++] = (uint8_t)(group >> (6 - 2 * (i % 4)));
    }
    return (int)written;
}
