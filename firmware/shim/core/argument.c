#include "argument.h"

#include <string.h>

#include "../limits.h"

#define ALIGNMENT 8

struct forms {
    int hex;
    int pattern;
    int64_t length;
    int64_t seed;
};

static const struct shim_member form_members[] = {
    {"hex", SHIM_MEMBER_TEXT, false, offsetof(struct forms, hex), 0, 0},
    {"pattern", SHIM_MEMBER_TEXT, false, offsetof(struct forms, pattern), 0, 0},
    {"length", SHIM_MEMBER_INT, false, offsetof(struct forms, length), 0, SHIM_STRING_MAX},
    {"seed", SHIM_MEMBER_INT, false, offsetof(struct forms, seed), 0, UINT32_MAX},
};

void *shim_builder_struct(struct shim_builder *builder, size_t size)
{
    builder->used = (builder->used + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    void *place = builder->at == NULL ? NULL : builder->at + builder->used;
    builder->used += size;
    return place;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

static bool is_hex(const struct shim_json *json, int value)
{
    const jsmntok_t *token = &json->tokens[value];
    for (int i = token->start; i < token->end; i++)
        if (hex_value(json->text[i]) < 0)
            return false;
    return (token->end - token->start) % 2 == 0;
}

static void fill_hex(uint8_t *bytes, size_t length, const char *digits)
{
    for (size_t i = 0; i < length; i++)
        bytes[i] = (uint8_t)(hex_value(digits[2 * i]) << 4 | hex_value(digits[2 * i + 1]));
}

/* xorshift32; each byte is the low 8 bits of the next state. */
static void fill_random(uint8_t *bytes, size_t length, uint32_t seed)
{
    uint32_t state = seed == 0 ? 1 : seed;
    for (size_t i = 0; i < length; i++) {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        bytes[i] = (uint8_t)state;
    }
}

/* There is room for the whole pattern, even where it is longer than the string. */
static void fill_pattern(uint8_t *bytes, size_t length, const struct shim_json *json, int pattern)
{
    size_t period = shim_json_string_length(json, pattern);
    shim_json_string_copy(json, pattern, bytes);
    for (size_t i = period; i < length; i++)
        bytes[i] = bytes[i - period];
    bytes[length] = '\0';
}

static bool take_forms(const struct shim_json *json, int value, struct forms *forms)
{
    struct shim_misfit misfit;
    *forms = (struct forms){.hex = SHIM_ABSENT, .pattern = SHIM_ABSENT, .length = -1, .seed = -1};
    if (!shim_json_is_object(json, value) || !shim_members_take(json, value, SHIM_MEMBERS(form_members), forms, &misfit))
        return false;
    if (forms->hex != SHIM_ABSENT)
        return forms->pattern == SHIM_ABSENT && forms->length < 0 && forms->seed < 0 && is_hex(json, forms->hex);
    if (forms->pattern != SHIM_ABSENT && forms->length > 0 && shim_json_string_length(json, forms->pattern) == 0)
        return false;
    return forms->length >= 0;
}

static char *claim(struct shim_builder *builder, size_t length, size_t spare)
{
    char *bytes = builder->at == NULL ? NULL : (char *)builder->at + builder->used;
    builder->used += length + 1 + spare;
    if (bytes != NULL)
        bytes[length] = '\0';
    return bytes;
}

static void fill_form(uint8_t *bytes, size_t length, const struct shim_json *json, const struct forms *forms)
{
    if (forms->hex != SHIM_ABSENT)
        fill_hex(bytes, length, json->text + json->tokens[forms->hex].start);
    else if (forms->pattern != SHIM_ABSENT)
        fill_pattern(bytes, length, json, forms->pattern);
    else
        fill_random(bytes, length, forms->seed < 0 ? 1 : (uint32_t)forms->seed);
}

bool shim_builder_string(struct shim_builder *builder, const struct shim_json *json, int value, char **bytes, size_t *length)
{
    *bytes = NULL;
    *length = 0;
    if (value == SHIM_ABSENT || shim_json_is_null(json, value))
        return true;
    if (shim_json_is_string(json, value)) {
        *length = shim_json_string_length(json, value);
        *bytes = claim(builder, *length, 0);
        if (*bytes != NULL)
            shim_json_string_copy(json, value, (uint8_t *)*bytes);
        return true;
    }
    struct forms forms;
    if (!take_forms(json, value, &forms))
        return false;
    *length = forms.hex != SHIM_ABSENT ? (size_t)(json->tokens[forms.hex].end - json->tokens[forms.hex].start) / 2 : (size_t)forms.length;
    size_t pattern = forms.pattern == SHIM_ABSENT ? 0 : shim_json_string_length(json, forms.pattern);
    *bytes = claim(builder, *length, pattern > *length ? pattern - *length : 0);
    if (*bytes != NULL)
        fill_form((uint8_t *)*bytes, *length, json, &forms);
    return true;
}
