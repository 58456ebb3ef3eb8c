/*
 * JSON of one line. The grammar is checked first, in full: jsmn finds tokens and trusts the text. A `value` is the index of a token.
 */
#ifndef SHIM_JSON_H
#define SHIM_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Another jsmn may be linked into the same image, built with other options. */
#define jsmn_init shim_jsmn_init
#define jsmn_parse shim_jsmn_parse
#define JSMN_PARENT_LINKS
#ifndef SHIM_JSON_IMPLEMENTATION
#define JSMN_HEADER
#endif
#include <jsmn.h>

struct shim_json {
    const char *text;
    const jsmntok_t *tokens;
    int count;
};

enum shim_json_result {
    SHIM_JSON_OK,
    SHIM_JSON_BAD,    /* not JSON, not UTF-8, a lone surrogate, or nested too deeply */
    SHIM_JSON_TOO_BIG /* JSON of more tokens than there is room for */
};

enum shim_json_result shim_json_parse(struct shim_json *json, const char *text, size_t length, jsmntok_t *tokens, size_t room);

/* The value after this one and all that it holds. */
int shim_json_after(const struct shim_json *json, int value);
bool shim_json_is_object(const struct shim_json *json, int value);
bool shim_json_is_array(const struct shim_json *json, int value);
bool shim_json_is_string(const struct shim_json *json, int value);
bool shim_json_is_null(const struct shim_json *json, int value);
bool shim_json_bool(const struct shim_json *json, int value, bool *is_true);
/* False for anything but an integer, written as one, of at most 18 digits. */
bool shim_json_int(const struct shim_json *json, int value, int64_t *number);
/* Whether it is a string or a key that is written exactly so. */
bool shim_json_equals(const struct shim_json *json, int value, const char *text);

/* Bytes of a string when its escapes are resolved. */
size_t shim_json_string_length(const struct shim_json *json, int value);
/* Writes that many bytes, no NUL. */
void shim_json_string_copy(const struct shim_json *json, int value, uint8_t *bytes);
/* Writes the string with a NUL. False when it does not fit or holds a NUL itself. */
bool shim_json_string_get(const struct shim_json *json, int value, char *text, size_t room);

#endif
