/* The module's clock, UTC. */
#ifndef QL_API_RTC_H
#define QL_API_RTC_H

#include "ql_osi_def.h"

typedef int ql_errcode_rtc_e;
#define QL_RTC_SUCCESS 0

/* As they are written, not as in C: tm_mon 1..12, tm_year 2000..2100. tm_wday (Sunday 0) is ignored when setting. */
typedef struct {
    int tm_sec;
    int tm_min;
    int tm_hour;
    int tm_mday;
    int tm_mon;
    int tm_year;
    int tm_wday;
} ql_rtc_time_t;

ql_errcode_rtc_e ql_rtc_set_time(ql_rtc_time_t *time);
ql_errcode_rtc_e ql_rtc_get_time(ql_rtc_time_t *time);

#endif
