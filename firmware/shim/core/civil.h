/* Calendar dates and seconds since 1970-01-01 UTC, proleptic Gregorian. */
#ifndef SHIM_CIVIL_H
#define SHIM_CIVIL_H

#include <stdint.h>

struct shim_civil {
    int year;
    int month; /* 1..12 */
    int day;   /* 1..31 */
    int hour;
    int minute;
    int second;
    int weekday; /* Sunday 0 */
};

int64_t shim_civil_to_unix(const struct shim_civil *civil);
struct shim_civil shim_civil_from_unix(int64_t unix_s);

#endif
