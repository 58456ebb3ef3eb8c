#ifndef QLV_TEXT_H
#define QLV_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Copies a text for a caller that gave `room` bytes; false when it doesn't fit whole. */
bool qlv_give_text(char *to, size_t room, const char *text);

#endif
