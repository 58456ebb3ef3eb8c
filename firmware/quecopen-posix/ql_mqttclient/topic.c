#include "topic.h"

#include <string.h>

#include "utf8.h"

const char *mq_topic_stage(const uint8_t *topic, size_t length)
{
    static char buffer[UINT16_MAX + 1];
    memcpy(buffer, topic, length);
    buffer[length] = '\0';
    return buffer;
}

static bool is_text(const uint8_t *text, size_t length)
{
    return length >= 1 && length <= UINT16_MAX && mq_utf8_valid(text, length);
}

static bool starts_level(const uint8_t *filter, size_t at)
{
    return at == 0 || filter[at - 1] == '/';
}

static bool ends_level(const uint8_t *filter, size_t at, size_t length)
{
    return at + 1 == length || filter[at + 1] == '/';
}

bool mq_topic_name_valid(const uint8_t *name, size_t length)
{
    return is_text(name, length) && memchr(name, '#', length) == NULL && memchr(name, '+', length) == NULL;
}

bool mq_topic_filter_valid(const uint8_t *filter, size_t length)
{
    if (!is_text(filter, length))
        return false;
    for (size_t at = 0; at < length; at++) {
        if (filter[at] == '#' && !(starts_level(filter, at) && at + 1 == length))
            return false;
        if (filter[at] == '+' && !(starts_level(filter, at) && ends_level(filter, at, length)))
            return false;
    }
    return true;
}
