/* Strings and payloads as the protocol writes them (docs/protocol.md §5.1), laid out in memory that is measured first. */
#ifndef SHIM_ARGUMENT_H
#define SHIM_ARGUMENT_H

#include <stddef.h>
#include <stdint.h>

#include "members.h"

/* With `at` NULL it only measures. */
struct shim_builder {
    uint8_t *at;
    size_t used;
};

/* Room for a struct, aligned; NULL while measuring. Take structs before strings. */
void *shim_builder_struct(struct shim_builder *builder, size_t size);

/*
 * A string argument with a NUL behind it; *bytes is NULL for a null or absent one (and while measuring), *length its bytes without the
 * NUL. False when it is none of the forms, or longer than SHIM_STRING_MAX.
 */
bool shim_builder_string(struct shim_builder *builder, const struct shim_json *json, int value, char **bytes, size_t *length);

#endif
