#ifndef MQ_UTF8_H
#define MQ_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Well-formed UTF-8 without U+0000 and surrogates [MQTT-1.5.3-1, MQTT-1.5.3-2]. */
bool mq_utf8_valid(const uint8_t *bytes, size_t length);

#endif
