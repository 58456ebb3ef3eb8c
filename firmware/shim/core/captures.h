/* The newest received payloads, whole, so that the host can read them afterwards. */
#ifndef SHIM_CAPTURES_H
#define SHIM_CAPTURES_H

#include <stddef.h>
#include <stdint.h>

#include "../limits.h"

struct shim_capture {
    uint32_t number; /* 0: none */
    size_t offset;
    size_t length;
};

struct shim_captures {
    uint8_t *at;
    size_t room;
    size_t head;
    uint32_t last;
    struct shim_capture kept[SHIM_CAPTURES]; /* at number % SHIM_CAPTURES */
};

void shim_captures_init(struct shim_captures *captures, void *at, size_t room);
/* Gives its number, from 1; 0 for a payload that is longer than all the room. */
uint32_t shim_captures_put(struct shim_captures *captures, const void *bytes, size_t length);
/* The bytes, while they are kept; else NULL. */
const uint8_t *shim_captures_find(const struct shim_captures *captures, uint32_t number, size_t *length);

#endif
