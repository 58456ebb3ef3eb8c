/* What the supervisor tells whoever started it: one JSON object a line on stdout. */
#ifndef QLV_EVENTS_H
#define QLV_EVENTS_H

#include <stdbool.h>
#include <stdio.h>

/* Begins {"event":"NAME" … */
void qlv_event_begin(const char *name);
void qlv_event_number(const char *key, long long value);
void qlv_event_text(const char *key, const char *value);
void qlv_event_bool(const char *key, bool value);
/* "key":{ … } */
void qlv_event_open(const char *key);
void qlv_event_close(void);
/* … } and sends it; false when nobody reads any more. */
bool qlv_event_end(void);

#endif
