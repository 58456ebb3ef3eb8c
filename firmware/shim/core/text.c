#include "text.h"

#include <string.h>

#include "base64.h"
#include "utf8.h"

static const char hex_digits[] = "0123456789abcdef";

void shim_text_init(struct shim_text *text, char *at, size_t room)
{
    *text = (struct shim_text){.at = at, .room = room};
}

static char *claim(struct shim_text *text, size_t count)
{
    if (text->overflow || count > text->room - text->used) {
        text->overflow = true;
        return NULL;
    }
    char *at = text->at + text->used;
    text->used += count;
    return at;
}

void shim_text_bytes(struct shim_text *text, const char *bytes, size_t count)
{
    char *at = claim(text, count);
    if (at != NULL)
        memcpy(at, bytes, count);
}

void shim_text_raw(struct shim_text *text, const char *raw)
{
    shim_text_bytes(text, raw, strlen(raw));
}

void shim_text_char(struct shim_text *text, char c)
{
    char *at = claim(text, 1);
    if (at != NULL)
        *at = c;
}

void shim_text_uint(struct shim_text *text, uint64_t number)
{
    char digits[20];
    size_t first = sizeof digits;
    do {
        digits[--first] = (char)('0' + number % 10);
        number /= 10;
    } while (number != 0);
    shim_text_bytes(text, digits + first, sizeof digits - first);
}

void shim_text_int(struct shim_text *text, int64_t number)
{
    if (number < 0)
        shim_text_char(text, '-');
    /* Negated as unsigned: the most negative number has no positive twin. */
    shim_text_uint(text, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

void shim_text_hex(struct shim_text *text, const void *bytes, size_t count)
{
    const uint8_t *from = bytes;
    char *at = claim(text, count * 2);
    for (size_t i = 0; at != NULL && i < count; i++) {
        *at++ = hex_digits[from[i] >> 4];
        *at++ = hex_digits[from[i] & 15];
    }
}

void shim_text_hex32(struct shim_text *text, uint32_t number)
{
    const uint8_t bytes[4] = {(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8), (uint8_t)number};
    shim_text_hex(text, bytes, sizeof bytes);
}

void shim_text_base64(struct shim_text *text, const void *bytes, size_t count)
{
    char *at = claim(text, SHIM_BASE64_LENGTH(count));
    if (at != NULL)
        shim_base64_encode(at, bytes, count);
}

static void escape(struct shim_text *text, uint8_t c)
{
    const uint8_t high = c >> 4;
    switch (c) {
    case '"':
        shim_text_raw(text, "\\\"");
        break;
    case '\\':
        shim_text_raw(text, "\\\\");
        break;
    case '\n':
        shim_text_raw(text, "\\n");
        break;
    case '\r':
        shim_text_raw(text, "\\r");
        break;
    case '\t':
        shim_text_raw(text, "\\t");
        break;
    default:
        shim_text_raw(text, "\\u00");
        shim_text_char(text, hex_digits[high]);
        shim_text_char(text, hex_digits[c & 15]);
    }
}

static bool is_plain(char c)
{
    return (unsigned char)c >= 0x20 && c != '"' && c != '\\';
}

static void quoted_part(struct shim_text *text, const char *utf8, size_t count)
{
    size_t i = 0;
    while (i < count) {
        size_t run = i;
        while (run < count && is_plain(utf8[run]))
            run++;
        shim_text_bytes(text, utf8 + i, run - i);
        if (run < count)
            escape(text, (uint8_t)utf8[run++]);
        i = run;
    }
}

void shim_text_quoted(struct shim_text *text, const char *utf8, size_t count)
{
    shim_text_char(text, '"');
    quoted_part(text, utf8, count);
    shim_text_char(text, '"');
}

void shim_text_quoted_lossy(struct shim_text *text, const char *bytes, size_t count)
{
    shim_text_char(text, '"');
    size_t i = 0;
    while (i < count) {
        size_t step = shim_utf8_step((const uint8_t *)bytes + i, count - i);
        if (step == 0)
            shim_text_raw(text, "\xef\xbf\xbd");
        else
            quoted_part(text, bytes + i, step);
        i += step == 0 ? 1 : step;
    }
    shim_text_char(text, '"');
}
