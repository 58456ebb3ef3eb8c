/* The module's clock is the host's plus an offset, so that it runs on over resets. */
#include "clock.h"

#include <stdio.h>
#include <time.h>

#include "control.h"
#include "module.h"
#include "ql_api_rtc.h"
#include "qlv_clock.h"

int64_t qlv_unix_time(void)
{
    return (int64_t)time(NULL) + qlv_module_settings().clock_offset_s;
}

void qlv_clock_set(int64_t unix_s)
{
    char offset[32];
    char why[128];
    snprintf(offset, sizeof offset, "%lld", (long long)(unix_s - (int64_t)time(NULL)));
    if (qlv_module_set("clock.offset_s", offset, why, sizeof why))
        qlv_control_keep("clock.offset_s", offset);
}

ql_errcode_rtc_e ql_rtc_set_time(ql_rtc_time_t *now)
{
    if (now == NULL || now->tm_year < 2000 || now->tm_year > 2100 || now->tm_mon < 1 || now->tm_mon > 12 || now->tm_mday < 1 ||
        now->tm_mday > 31 || now->tm_hour < 0 || now->tm_hour > 23 || now->tm_min < 0 || now->tm_min > 59 || now->tm_sec < 0 ||
        now->tm_sec > 59)
        return -1;
    struct tm parts = {.tm_sec = now->tm_sec,
                       .tm_min = now->tm_min,
                       .tm_hour = now->tm_hour,
                       .tm_mday = now->tm_mday,
                       .tm_mon = now->tm_mon - 1,
                       .tm_year = now->tm_year - 1900};
    qlv_clock_set((int64_t)timegm(&parts));
    return QL_RTC_SUCCESS;
}

ql_errcode_rtc_e ql_rtc_get_time(ql_rtc_time_t *now)
{
    if (now == NULL)
        return -1;
    const time_t at = (time_t)qlv_unix_time();
    struct tm parts;
    if (gmtime_r(&at, &parts) == NULL)
        return -1;
    *now = (ql_rtc_time_t){.tm_sec = parts.tm_sec,
                           .tm_min = parts.tm_min,
                           .tm_hour = parts.tm_hour,
                           .tm_mday = parts.tm_mday,
                           .tm_mon = parts.tm_mon + 1,
                           .tm_year = parts.tm_year + 1900,
                           .tm_wday = parts.tm_wday};
    return QL_RTC_SUCCESS;
}
