/* The virtual module's wall clock: the host's clock plus a settable offset. */
#ifndef QLV_CLOCK_H
#define QLV_CLOCK_H

#include <stdint.h>

/* Seconds since 1970-01-01 UTC as the module believes it to be. */
int64_t qlv_unix_time(void);

#endif
