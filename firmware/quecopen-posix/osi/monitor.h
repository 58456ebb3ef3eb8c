/* A lock with one condition whose waits end on CLOCK_MONOTONIC deadlines. */
#ifndef QLV_MONITOR_H
#define QLV_MONITOR_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct qlv_monitor {
    pthread_mutex_t lock;
    pthread_cond_t changed;
};

/* A point in time, or never. */
struct qlv_deadline {
    bool never;
    struct timespec at;
};

void qlv_monitor_init(struct qlv_monitor *monitor);
void qlv_monitor_destroy(struct qlv_monitor *monitor);

/* timeout_ms as in the OS calls: QL_WAIT_FOREVER never ends. */
struct qlv_deadline qlv_deadline_in(uint32_t timeout_ms);

/* Waits once for a change, the lock held; false when the deadline has passed. A cancellation point. */
bool qlv_monitor_wait(struct qlv_monitor *monitor, const struct qlv_deadline *deadline);

/* For pthread_cleanup_push: a task deleted while it waits leaves the lock free. */
void qlv_monitor_unlock(void *monitor);

#endif
