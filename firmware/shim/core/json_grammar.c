#include "json_grammar.h"

#include <stdint.h>
#include <string.h>

#include "../limits.h"
#include "utf8.h"

/* Each function takes the cursor to the end of what it is named after, or gives false. */
struct cursor {
    const char *at;
    const char *end;
};

static bool is_at(const struct cursor *c, char wanted)
{
    return c->at < c->end && *c->at == wanted;
}

static bool take(struct cursor *c, char wanted)
{
    bool there = is_at(c, wanted);
    c->at += there;
    return there;
}

static void skip_space(struct cursor *c)
{
    while (is_at(c, ' ') || is_at(c, '\t') || is_at(c, '\n') || is_at(c, '\r'))
        c->at++;
}

static bool take_word(struct cursor *c, const char *word)
{
    size_t length = strlen(word);
    if ((size_t)(c->end - c->at) < length || memcmp(c->at, word, length) != 0)
        return false;
    c->at += length;
    return true;
}

static bool take_digits(struct cursor *c)
{
    const char *from = c->at;
    while (c->at < c->end && *c->at >= '0' && *c->at <= '9')
        c->at++;
    return c->at > from;
}

static bool take_number(struct cursor *c)
{
    take(c, '-');
    if (!take(c, '0') && !take_digits(c))
        return false;
    if (take(c, '.') && !take_digits(c))
        return false;
    if (!take(c, 'e') && !take(c, 'E'))
        return true;
    if (!take(c, '+'))
        take(c, '-');
    return take_digits(c);
}

static bool take_unit(struct cursor *c, uint32_t *unit)
{
    *unit = 0;
    if (c->end - c->at < 4)
        return false;
    for (int i = 0; i < 4; i++) {
        char digit = *c->at++;
        char lower = (char)(digit | 0x20);
        if (digit >= '0' && digit <= '9')
            *unit = *unit << 4 | (uint32_t)(digit - '0');
        else if (lower >= 'a' && lower <= 'f')
            *unit = *unit << 4 | (uint32_t)(lower - 'a' + 10);
        else
            return false;
    }
    return true;
}

static bool take_escape(struct cursor *c)
{
    if (c->at == c->end)
        return false;
    if (*c->at != 'u')
        return *c->at != '\0' && strchr("\"\\/bfnrt", *c->at++) != NULL;
    c->at++;
    uint32_t high;
    uint32_t low;
    if (!take_unit(c, &high) || (high >= 0xdc00 && high <= 0xdfff))
        return false;
    if (high < 0xd800 || high > 0xdfff)
        return true;
    return take_word(c, "\\u") && take_unit(c, &low) && low >= 0xdc00 && low <= 0xdfff;
}

static bool take_string(struct cursor *c)
{
    if (!take(c, '"'))
        return false;
    while (c->at < c->end && *c->at != '"') {
        if ((unsigned char)*c->at < 0x20)
            return false;
        if (take(c, '\\')) {
            if (!take_escape(c))
                return false;
            continue;
        }
        size_t step = shim_utf8_step((const uint8_t *)c->at, (size_t)(c->end - c->at));
        if (step == 0)
            return false;
        c->at += step;
    }
    return take(c, '"');
}

static bool take_value(struct cursor *c, int depth);

static bool take_member(struct cursor *c, int depth)
{
    skip_space(c);
    if (!take_string(c))
        return false;
    skip_space(c);
    return take(c, ':') && take_value(c, depth);
}

/* What is between the brackets, and the closing one. */
static bool take_items(struct cursor *c, int depth, char closing)
{
    if (depth == SHIM_JSON_DEPTH)
        return false;
    skip_space(c);
    if (take(c, closing))
        return true;
    do {
        if (!(closing == '}' ? take_member(c, depth + 1) : take_value(c, depth + 1)))
            return false;
    } while (take(c, ','));
    return take(c, closing);
}

static bool take_value(struct cursor *c, int depth)
{
    skip_space(c);
    bool good;
    if (take(c, '{'))
        good = take_items(c, depth, '}');
    else if (take(c, '['))
        good = take_items(c, depth, ']');
    else if (is_at(c, '"'))
        good = take_string(c);
    else
        good = take_word(c, "true") || take_word(c, "false") || take_word(c, "null") || take_number(c);
    skip_space(c);
    return good;
}

bool shim_json_grammar(const char *text, size_t length)
{
    struct cursor c = {text, text + length};
    return take_value(&c, 0) && c.at == c.end;
}
