#ifndef MQ_BYTES_H
#define MQ_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes that are put in at the end and taken out at the start. All zero is empty and owns nothing. */
struct mq_bytes {
    uint8_t *store;
    size_t start;
    size_t end;
    size_t room;
};

static inline size_t mq_bytes_length(const struct mq_bytes *bytes)
{
    return bytes->end - bytes->start;
}

static inline uint8_t *mq_bytes_first(struct mq_bytes *bytes)
{
    return bytes->store + bytes->start;
}

/* Room for `length` bytes at the end, NULL without memory. Put them there, then say so with mq_bytes_added. */
uint8_t *mq_bytes_reserve(struct mq_bytes *bytes, size_t length);
void mq_bytes_added(struct mq_bytes *bytes, size_t length);

/* False without memory; then nothing was put in. */
bool mq_bytes_put(struct mq_bytes *bytes, const void *from, size_t length);

void mq_bytes_take(struct mq_bytes *bytes, size_t length);
void mq_bytes_free(struct mq_bytes *bytes);

#endif
