#ifndef MQ_TOPIC_H
#define MQ_TOPIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A topic name: 1 to 65535 bytes of UTF-8 without wildcards [MQTT-4.7.3-1, MQTT-3.3.2-2]. */
bool mq_topic_name_valid(const uint8_t *name, size_t length);

/* A topic filter: '#' alone in the last level, '+' alone in its level [MQTT-4.7.1-2, MQTT-4.7.1-3]. */
bool mq_topic_filter_valid(const uint8_t *filter, size_t length);

/* The one buffer for topics of both directions that a defect lends out, with `topic` in it; it stays valid and does not stay the same. */
const char *mq_topic_stage(const uint8_t *topic, size_t length);

#endif
