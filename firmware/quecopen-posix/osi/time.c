/* Time since boot; a boot is the start of this process. */
#include <errno.h>
#include <time.h>

#include "ql_api_osi.h"
#include "uptime.h"

static int64_t booted_ms;

static int64_t monotonic_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void qlv_uptime_start(void)
{
    booted_ms = monotonic_ms();
}

int64_t ql_rtos_up_time_ms(void)
{
    return monotonic_ms() - booted_ms;
}

void ql_rtos_task_sleep_ms(uint32 ms)
{
    struct timespec left = {.tv_sec = (time_t)(ms / 1000u), .tv_nsec = (long)(ms % 1000u) * 1000000L};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
    }
}

void ql_rtos_task_sleep_s(uint32 s)
{
    while (s > 0) {
        uint32 step = s > 1000u ? 1000u : s;
        ql_rtos_task_sleep_ms(step * 1000u);
        s -= step;
    }
}
