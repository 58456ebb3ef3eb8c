#include "utf8.h"

static bool is_tail(uint8_t byte)
{
    return (byte & 0xc0u) == 0x80u;
}

size_t shim_utf8_step(const uint8_t *at, size_t count)
{
    if (count == 0)
        return 0;
    uint8_t lead = at[0];
    if (lead < 0x80)
        return 1;
    if (lead < 0xc2 || lead > 0xf4)
        return 0;
    size_t length = lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
    if (count < length)
        return 0;
    for (size_t i = 1; i < length; i++)
        if (!is_tail(at[i]))
            return 0;
    if (lead == 0xe0 && at[1] < 0xa0)
        return 0;
    if (lead == 0xed && at[1] > 0x9f)
        return 0;
    if (lead == 0xf0 && at[1] < 0x90)
        return 0;
    if (lead == 0xf4 && at[1] > 0x8f)
        return 0;
    return length;
}

bool shim_utf8_valid(const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    size_t i = 0;
    while (i < count) {
        size_t step = shim_utf8_step(at + i, count - i);
        if (step == 0)
            return false;
        i += step;
    }
    return true;
}

size_t shim_utf8_whole(const void *bytes, size_t count)
{
    const uint8_t *at = bytes;
    /* At most three bytes of a character can be left over at the end. */
    for (size_t back = 1; back <= 3 && back <= count; back++) {
        uint8_t byte = at[count - back];
        if (is_tail(byte))
            continue;
        size_t wants = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
        return wants > back ? count - back : count;
    }
    return count;
}

size_t shim_utf8_put(uint8_t *at, uint32_t c)
{
    if (c < 0x80) {
        at[0] = (uint8_t)c;
        return 1;
    }
    if (c < 0x800) {
        at[0] = (uint8_t)(0xc0u | c >> 6);
        at[1] = (uint8_t)(0x80u | (c & 0x3fu));
        return 2;
    }
    if (c < 0x10000) {
        at[0] = (uint8_t)(0xe0u | c >> 12);
        at[1] = (uint8_t)(0x80u | (c >> 6 & 0x3fu));
        at[2] = (uint8_t)(0x80u | (c & 0x3fu));
        return 3;
    }
    at[0] = (uint8_t)(0xf0u | c >> 18);
    at[1] = (uint8_t)(0x80u | (c >> 12 & 0x3fu));
    at[2] = (uint8_t)(0x80u | (c >> 6 & 0x3fu));
    at[3] = (uint8_t)(0x80u | (c & 0x3fu));
    return 4;
}
