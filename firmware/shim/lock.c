#include "shim.h"

struct shim shim_the;

void shim_lock(struct shim *shim)
{
    ql_rtos_mutex_lock(shim->lock, QL_WAIT_FOREVER);
}

void shim_unlock(struct shim *shim)
{
    ql_rtos_mutex_unlock(shim->lock);
}

void shim_wake_writer(struct shim *shim)
{
    if (shim->is_writer_told)
        return;
    shim->is_writer_told = true;
    ql_rtos_semaphore_release(shim->written);
}

uint8_t shim_task_number(struct shim *shim)
{
    ql_task_t self = NULL;
    ql_rtos_task_get_current_ref(&self);
    for (unsigned i = 0; i < shim->task_count; i++)
        if (shim->tasks[i] == self)
            return (uint8_t)(i + 1);
    /* Once the table is full, the newcomers share its last number. */
    if (shim->task_count < SHIM_TASKS)
        shim->tasks[shim->task_count++] = self;
    return (uint8_t)shim->task_count;
}
