#include "captures.h"

#include <string.h>

void shim_captures_init(struct shim_captures *captures, void *at, size_t room)
{
    *captures = (struct shim_captures){.at = at, .room = room};
}

/* Payloads lie one behind the other; what the newest covers is gone. */
static void forget_between(struct shim_captures *captures, size_t from, size_t to)
{
    for (size_t i = 0; i < SHIM_CAPTURES; i++) {
        struct shim_capture *kept = &captures->kept[i];
        if (kept->number != 0 && kept->offset < to && kept->offset + kept->length > from)
            kept->number = 0;
    }
}

uint32_t shim_captures_put(struct shim_captures *captures, const void *bytes, size_t length)
{
    if (length > captures->room)
        return 0;
    if (length > captures->room - captures->head)
        captures->head = 0;
    size_t from = captures->head;
    forget_between(captures, from, from + length);
    if (length > 0)
        memcpy(captures->at + from, bytes, length);
    captures->head = from + length;
    uint32_t number = ++captures->last;
    captures->kept[number % SHIM_CAPTURES] = (struct shim_capture){.number = number, .offset = from, .length = length};
    return number;
}

const uint8_t *shim_captures_find(const struct shim_captures *captures, uint32_t number, size_t *length)
{
    const struct shim_capture *kept = &captures->kept[number % SHIM_CAPTURES];
    if (number == 0 || kept->number != number)
        return NULL;
    *length = kept->length;
    return captures->at + kept->offset;
}
