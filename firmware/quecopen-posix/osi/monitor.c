#include "monitor.h"

#include <errno.h>

#include "ql_osi_def.h"

void qlv_monitor_init(struct qlv_monitor *monitor)
{
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&monitor->changed, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&monitor->lock, NULL);
}

void qlv_monitor_destroy(struct qlv_monitor *monitor)
{
    pthread_cond_destroy(&monitor->changed);
    pthread_mutex_destroy(&monitor->lock);
}

struct qlv_deadline qlv_deadline_in(uint32_t timeout_ms)
{
    struct qlv_deadline deadline = {.never = timeout_ms == QL_WAIT_FOREVER};
    clock_gettime(CLOCK_MONOTONIC, &deadline.at);
    deadline.at.tv_sec += (time_t)(timeout_ms / 1000u);
    deadline.at.tv_nsec += (long)(timeout_ms % 1000u) * 1000000L;
    if (deadline.at.tv_nsec >= 1000000000L) {
        deadline.at.tv_sec += 1;
        deadline.at.tv_nsec -= 1000000000L;
    }
    return deadline;
}

bool qlv_monitor_wait(struct qlv_monitor *monitor, const struct qlv_deadline *deadline)
{
    if (deadline->never)
        return pthread_cond_wait(&monitor->changed, &monitor->lock) == 0;
    return pthread_cond_timedwait(&monitor->changed, &monitor->lock, &deadline->at) != ETIMEDOUT;
}

void qlv_monitor_unlock(void *monitor)
{
    pthread_mutex_unlock(&((struct qlv_monitor *)monitor)->lock);
}
