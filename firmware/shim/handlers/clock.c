/* clock.*. */
#include <stddef.h>

#include "../core/civil.h"
#include "../dispatch.h"
#include "ql_api_rtc.h"

enum shim_error handle_clock_read(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    (void)shim;
    if (shim_take_nothing(request) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    shim_text_raw(result, "{\"upMs\":");
    shim_text_int(result, ql_rtos_up_time_ms());
    shim_text_char(result, '}');
    return SHIM_OK;
}

static enum shim_error put_unix(struct shim_text *result)
{
    ql_rtc_time_t rtc = {0, 0, 0, 1, 1, 1970, 0};
    ql_rtc_get_time(&rtc);
    const struct shim_civil civil = {
        .year = rtc.tm_year, .month = rtc.tm_mon, .day = rtc.tm_mday, .hour = rtc.tm_hour, .minute = rtc.tm_min, .second = rtc.tm_sec};
    shim_text_raw(result, "{\"unixS\":");
    shim_text_int(result, shim_civil_to_unix(&civil));
    shim_text_char(result, '}');
    return SHIM_OK;
}

enum shim_error handle_clock_unix(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    (void)shim;
    return shim_take_nothing(request) == SHIM_OK ? put_unix(result) : SHIM_ERROR_INVALID_PARAMS;
}

struct clock_set {
    int64_t link;
    int64_t unix_s;
};

/* 2000-01-01 to 2099-12-31: what the SDK's clock can hold. */
static const struct shim_member set_members[] = {
    SHIM_LINK_MEMBER(struct clock_set),
    {"unixS", SHIM_MEMBER_INT, true, offsetof(struct clock_set, unix_s), 946684800, 4102444799},
};

enum shim_error handle_clock_set(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    (void)shim;
    struct clock_set set;
    if (shim_take_params(request, SHIM_MEMBERS(set_members), &set) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    const struct shim_civil civil = shim_civil_from_unix(set.unix_s);
    ql_rtc_time_t rtc = {
        .tm_sec = civil.second,
        .tm_min = civil.minute,
        .tm_hour = civil.hour,
        .tm_mday = civil.day,
        .tm_mon = civil.month,
        .tm_year = civil.year,
        .tm_wday = civil.weekday,
    };
    if (ql_rtc_set_time(&rtc) != 0)
        return shim_misfit(request, "unixS");
    return put_unix(result);
}
