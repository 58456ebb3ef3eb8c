/* Counting semaphores. */
#include <stdlib.h>

#include "monitor.h"
#include "ql_api_osi.h"

struct semaphore {
    struct qlv_monitor monitor;
    uint32 count;
};

QlOSStatus ql_rtos_semaphore_create(ql_sem_t *sem, uint32 initial)
{
    if (sem == NULL)
        return -1;
    struct semaphore *made = malloc(sizeof *made);
    if (made == NULL)
        return -1;
    qlv_monitor_init(&made->monitor);
    made->count = initial;
    *sem = made;
    return QL_OSI_SUCCESS;
}

QlOSStatus ql_rtos_semaphore_wait(ql_sem_t sem, uint32 timeout_ms)
{
    struct semaphore *self = sem;
    if (self == NULL)
        return -1;
    struct qlv_deadline deadline = qlv_deadline_in(timeout_ms);
    QlOSStatus status = -1;
    pthread_mutex_lock(&self->monitor.lock);
    pthread_cleanup_push(qlv_monitor_unlock, &self->monitor);
    while (self->count == 0 && timeout_ms != QL_NO_WAIT && qlv_monitor_wait(&self->monitor, &deadline)) {
    }
    if (self->count > 0) {
        self->count--;
        status = QL_OSI_SUCCESS;
    }
    pthread_cleanup_pop(1);
    return status;
}

QlOSStatus ql_rtos_semaphore_release(ql_sem_t sem)
{
    struct semaphore *self = sem;
    if (self == NULL)
        return -1;
    pthread_mutex_lock(&self->monitor.lock);
    self->count++;
    pthread_cond_signal(&self->monitor.changed);
    pthread_mutex_unlock(&self->monitor.lock);
    return QL_OSI_SUCCESS;
}

QlOSStatus ql_rtos_semaphore_delete(ql_sem_t sem)
{
    struct semaphore *self = sem;
    if (self == NULL)
        return -1;
    qlv_monitor_destroy(&self->monitor);
    free(self);
    return QL_OSI_SUCCESS;
}
