/* Recursive mutexes. Built on a monitor since a timed pthread lock on CLOCK_MONOTONIC isn't portable. */
#include <stdlib.h>

#include "monitor.h"
#include "ql_api_osi.h"

struct mutex {
    struct qlv_monitor monitor;
    pthread_t owner;
    uint32 depth;
};

QlOSStatus ql_rtos_mutex_create(ql_mutex_t *mutex)
{
    if (mutex == NULL)
        return -1;
    struct mutex *made = calloc(1, sizeof *made);
    if (made == NULL)
        return -1;
    qlv_monitor_init(&made->monitor);
    *mutex = made;
    return QL_OSI_SUCCESS;
}

static bool is_mine(const struct mutex *self)
{
    return self->depth > 0 && pthread_equal(self->owner, pthread_self());
}

QlOSStatus ql_rtos_mutex_lock(ql_mutex_t mutex, uint32 timeout_ms)
{
    struct mutex *self = mutex;
    if (self == NULL)
        return -1;
    struct qlv_deadline deadline = qlv_deadline_in(timeout_ms);
    QlOSStatus status = -1;
    pthread_mutex_lock(&self->monitor.lock);
    pthread_cleanup_push(qlv_monitor_unlock, &self->monitor);
    while (self->depth > 0 && !is_mine(self) && timeout_ms != QL_NO_WAIT && qlv_monitor_wait(&self->monitor, &deadline)) {
    }
    if (self->depth == 0 || is_mine(self)) {
        self->owner = pthread_self();
        self->depth++;
        status = QL_OSI_SUCCESS;
    }
    pthread_cleanup_pop(1);
    return status;
}

QlOSStatus ql_rtos_mutex_try_lock(ql_mutex_t mutex)
{
    return ql_rtos_mutex_lock(mutex, QL_NO_WAIT);
}

QlOSStatus ql_rtos_mutex_unlock(ql_mutex_t mutex)
{
    struct mutex *self = mutex;
    if (self == NULL)
        return -1;
    QlOSStatus status = -1;
    pthread_mutex_lock(&self->monitor.lock);
    if (is_mine(self)) {
        self->depth--;
        pthread_cond_signal(&self->monitor.changed);
        status = QL_OSI_SUCCESS;
    }
    pthread_mutex_unlock(&self->monitor.lock);
    return status;
}

QlOSStatus ql_rtos_mutex_delete(ql_mutex_t mutex)
{
    struct mutex *self = mutex;
    if (self == NULL)
        return -1;
    qlv_monitor_destroy(&self->monitor);
    free(self);
    return QL_OSI_SUCCESS;
}
