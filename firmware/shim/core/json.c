#define SHIM_JSON_IMPLEMENTATION
#include "json.h"

#include <string.h>

#include "json_grammar.h"
#include "utf8.h"

enum shim_json_result shim_json_parse(struct shim_json *json, const char *text, size_t length, jsmntok_t *tokens, size_t room)
{
    *json = (struct shim_json){.text = text, .tokens = tokens};
    if (!shim_json_grammar(text, length))
        return SHIM_JSON_BAD;
    jsmn_parser parser;
    jsmn_init(&parser);
    int count = jsmn_parse(&parser, text, length, tokens, (unsigned)room);
    if (count < 1)
        return SHIM_JSON_TOO_BIG;
    json->count = count;
    return SHIM_JSON_OK;
}

int shim_json_after(const struct shim_json *json, int value)
{
    int end = json->tokens[value].end;
    do
        value++;
    while (value < json->count && json->tokens[value].start < end);
    return value;
}

bool shim_json_is_object(const struct shim_json *json, int value)
{
    return json->tokens[value].type == JSMN_OBJECT;
}

bool shim_json_is_array(const struct shim_json *json, int value)
{
    return json->tokens[value].type == JSMN_ARRAY;
}

bool shim_json_is_string(const struct shim_json *json, int value)
{
    return json->tokens[value].type == JSMN_STRING;
}

static bool is_primitive(const struct shim_json *json, int value, char first)
{
    const jsmntok_t *token = &json->tokens[value];
    return token->type == JSMN_PRIMITIVE && json->text[token->start] == first;
}

bool shim_json_is_null(const struct shim_json *json, int value)
{
    return is_primitive(json, value, 'n');
}

bool shim_json_bool(const struct shim_json *json, int value, bool *is_true)
{
    *is_true = is_primitive(json, value, 't');
    return *is_true || is_primitive(json, value, 'f');
}

bool shim_json_int(const struct shim_json *json, int value, int64_t *number)
{
    const jsmntok_t *token = &json->tokens[value];
    const char *at = json->text + token->start;
    const char *end = json->text + token->end;
    if (token->type != JSMN_PRIMITIVE)
        return false;
    bool negative = *at == '-';
    at += negative;
    if (end - at > 18)
        return false;
    int64_t sum = 0;
    for (; at < end; at++) {
        if (*at < '0' || *at > '9')
            return false;
        sum = sum * 10 + (*at - '0');
    }
    *number = negative ? -sum : sum;
    return true;
}

bool shim_json_equals(const struct shim_json *json, int value, const char *text)
{
    const jsmntok_t *token = &json->tokens[value];
    size_t length = (size_t)(token->end - token->start);
    return token->type == JSMN_STRING && strlen(text) == length && memcmp(json->text + token->start, text, length) == 0;
}

static uint32_t hex4(const char *at)
{
    uint32_t number = 0;
    for (int i = 0; i < 4; i++) {
        char c = at[i];
        uint32_t digit = (uint32_t)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
        number = number << 4 | digit;
    }
    return number;
}

/* Resolves the escape whose backslash is at `at`; gives the characters that it took. The grammar vouches for it. */
static size_t unescape(const char *at, uint8_t *bytes, size_t *count)
{
    static const char names[] = "bfnrt";
    static const char stands_for[] = "\b\f\n\r\t";
    if (at[1] != 'u') {
        const char *name = strchr(names, at[1]);
        bytes[0] = (uint8_t)(name == NULL ? at[1] : stands_for[name - names]);
        *count = 1;
        return 2;
    }
    uint32_t unit = hex4(at + 2);
    if (unit < 0xd800 || unit > 0xdfff) {
        *count = shim_utf8_put(bytes, unit);
        return 6;
    }
    *count = shim_utf8_put(bytes, 0x10000 + ((unit & 0x3ff) << 10) + (hex4(at + 8) & 0x3ff));
    return 12;
}

/* Gives the decoded length; writes the bytes too unless `bytes` is NULL. */
static size_t decode(const struct shim_json *json, int value, uint8_t *bytes)
{
    const char *at = json->text + json->tokens[value].start;
    const char *end = json->text + json->tokens[value].end;
    size_t length = 0;
    while (at < end) {
        uint8_t character[4] = {(uint8_t)*at};
        size_t count = 1;
        at += *at == '\\' ? unescape(at, character, &count) : 1;
        if (bytes != NULL)
            memcpy(bytes + length, character, count);
        length += count;
    }
    return length;
}

size_t shim_json_string_length(const struct shim_json *json, int value)
{
    return decode(json, value, NULL);
}

void shim_json_string_copy(const struct shim_json *json, int value, uint8_t *bytes)
{
    decode(json, value, bytes);
}

bool shim_json_string_get(const struct shim_json *json, int value, char *text, size_t room)
{
    size_t length = shim_json_string_length(json, value);
    if (length >= room)
        return false;
    shim_json_string_copy(json, value, (uint8_t *)text);
    text[length] = '\0';
    return memchr(text, '\0', length) == NULL;
}
