#include "line.h"

#include <string.h>

#include "crc32.h"

void shim_line_init(struct shim_line *line, char *at, size_t room)
{
    *line = (struct shim_line){.at = at, .room = room};
}

static void keep(struct shim_line *line, const char *bytes, size_t count)
{
    if (line->too_long || count > line->room - line->used) {
        line->too_long = true;
        return;
    }
    memcpy(line->at + line->used, bytes, count);
    line->used += count;
}

enum shim_line_state shim_line_push(struct shim_line *line, const char *bytes, size_t count, size_t *taken)
{
    *taken = 0;
    if (line->whole) {
        line->whole = false;
        line->used = 0;
    }
    while (*taken < count) {
        const char *at = bytes + *taken;
        size_t left = count - *taken;
        const char *end = memchr(at, '\n', left);
        keep(line, at, end == NULL ? left : (size_t)(end - at));
        if (end == NULL) {
            *taken = count;
            break;
        }
        *taken += (size_t)(end - at) + 1;
        if (line->too_long) {
            line->too_long = false;
            line->used = 0;
            return SHIM_LINE_NOISE;
        }
        if (line->used > 0 && line->at[line->used - 1] == '\r')
            line->used--;
        if (line->used > 0) {
            line->whole = true;
            return SHIM_LINE_WHOLE;
        }
    }
    return SHIM_LINE_OPEN;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

enum shim_checksum shim_line_check(const char *line, size_t *length)
{
    if (*length < 9 || line[*length - 9] != '*')
        return SHIM_CHECKSUM_NONE;
    uint32_t told = 0;
    for (size_t i = *length - 8; i < *length; i++) {
        int digit = hex_value(line[i]);
        if (digit < 0)
            return SHIM_CHECKSUM_NONE;
        told = told << 4 | (uint32_t)digit;
    }
    if (shim_crc32(0, line, *length - 9) != told)
        return SHIM_CHECKSUM_BAD;
    *length -= 9;
    return SHIM_CHECKSUM_GOOD;
}

void shim_line_seal(struct shim_text *text, size_t from)
{
    uint32_t crc = shim_crc32(0, text->at + from, text->used - from);
    shim_text_char(text, '*');
    shim_text_hex32(text, crc);
    shim_text_char(text, '\n');
}
