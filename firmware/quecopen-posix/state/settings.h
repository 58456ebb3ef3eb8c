/* The settable state of the virtual module as one value: pure, the same in the supervisor and in the firmware. */
#ifndef QLV_SETTINGS_H
#define QLV_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* Keys that start with this belong to the MQTT engine, which alone knows their names. */
#define QLV_MQTT_PREFIX "mqtt."
#define QLV_MQTT_BYTES 2048

struct qlv_settings {
#define TEXT(key, field, room, value, gloss) char field[room];
#define NUMBER(key, field, least, most, value, gloss) int64_t field;
#define CHOICE(key, field, names, value, gloss) int field;
#include "settings.def"
#undef TEXT
#undef NUMBER
#undef CHOICE
    /* "key=value;key=value" for the MQTT engine. */
    char mqtt[QLV_MQTT_BYTES];
};

void qlv_settings_default(struct qlv_settings *settings);

/* False, with the reason in `why`, when the key is unknown or the value doesn't fit it. */
bool qlv_settings_set(struct qlv_settings *settings, const char *key, const char *value, char *why, size_t why_bytes);

/* The same for "key=value". */
bool qlv_settings_assign(struct qlv_settings *settings, const char *assignment, char *why, size_t why_bytes);

/* Adds "key=value" to the engine's list; a key that may repeat (a defect) keeps its earlier values. */
bool qlv_settings_add_mqtt(struct qlv_settings *settings, const char *key, const char *value, bool repeats, char *why,
                           size_t why_bytes);

/* One "key=value" line a setting, the engine's excepted. Bytes written, or 0 when there was no room. */
size_t qlv_settings_print(const struct qlv_settings *settings, char *text, size_t room);

/* One line a key, for people. */
void qlv_settings_explain(FILE *out);

#endif
