#ifndef QLV_CLOCK_SET_H
#define QLV_CLOCK_SET_H

#include <stdint.h>

/* Moves the module's clock, and asks the supervisor to keep it moved over resets, as a battery would. */
void qlv_clock_set(int64_t unix_s);

#endif
