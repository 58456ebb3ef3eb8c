#include "bytes.h"

#include <stdlib.h>
#include <string.h>

#define SMALLEST 256

static void move_to_front(struct mq_bytes *bytes)
{
    if (bytes->start == 0)
        return;
    memmove(bytes->store, bytes->store + bytes->start, mq_bytes_length(bytes));
    bytes->end -= bytes->start;
    bytes->start = 0;
}

uint8_t *mq_bytes_reserve(struct mq_bytes *bytes, size_t length)
{
    if (bytes->room - bytes->end < length)
        move_to_front(bytes);
    if (bytes->room - bytes->end < length) {
        size_t room = bytes->room < SMALLEST ? SMALLEST : bytes->room;
        while (room - bytes->end < length)
            room *= 2;
        uint8_t *store = realloc(bytes->store, room);
        if (store == NULL)
            return NULL;
        bytes->store = store;
        bytes->room = room;
    }
    return bytes->store + bytes->end;
}

void mq_bytes_added(struct mq_bytes *bytes, size_t length)
{
    bytes->end += length;
}

bool mq_bytes_put(struct mq_bytes *bytes, const void *from, size_t length)
{
    if (length == 0)
        return true;
    uint8_t *room = mq_bytes_reserve(bytes, length);
    if (room == NULL)
        return false;
    memcpy(room, from, length);
    mq_bytes_added(bytes, length);
    return true;
}

void mq_bytes_take(struct mq_bytes *bytes, size_t length)
{
    bytes->start += length;
    if (bytes->start == bytes->end)
        bytes->start = bytes->end = 0;
}

void mq_bytes_free(struct mq_bytes *bytes)
{
    free(bytes->store);
    *bytes = (struct mq_bytes){ 0 };
}
