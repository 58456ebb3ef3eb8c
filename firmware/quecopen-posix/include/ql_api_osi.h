/* Tasks, semaphores, mutexes, queues and time. */
#ifndef QL_API_OSI_H
#define QL_API_OSI_H

#include "ql_osi_def.h"

typedef void *ql_task_t;
typedef void *ql_sem_t;
typedef void *ql_mutex_t;
typedef void *ql_queue_t;

typedef enum { Running = 0, Ready, Blocked, Suspended, Deleted, Invalid } ql_task_state_e;

typedef struct {
    ql_task_t xHandle;
    const char *pcTaskName;
    ql_task_state_e eCurrentState;
    unsigned long uxCurrentPriority;
    /* Bytes of stack that were never touched; at most 65535. */
    uint16 usStackHighWaterMark;
} ql_task_status_t;

/* `stack_bytes` is what the firmware asks for; the host adds what its own libraries need, and counts only the firmware's part. */
QlOSStatus ql_rtos_task_create(ql_task_t *task, uint32 stack_bytes, uint8 priority, char *name, void (*entry)(void *), void *arg,
                               uint32 event_count, ...);
/* NULL deletes the caller, which then does not return. */
QlOSStatus ql_rtos_task_delete(ql_task_t task);
/* Gives NULL in a thread that ql_rtos_task_create did not make. */
QlOSStatus ql_rtos_task_get_current_ref(ql_task_t *task);
QlOSStatus ql_rtos_task_get_status(ql_task_t task, ql_task_status_t *status);
void ql_rtos_task_sleep_ms(uint32 ms);
void ql_rtos_task_sleep_s(uint32 s);
void ql_rtos_task_yield(void);

QlOSStatus ql_rtos_semaphore_create(ql_sem_t *sem, uint32 initial);
QlOSStatus ql_rtos_semaphore_wait(ql_sem_t sem, uint32 timeout_ms);
QlOSStatus ql_rtos_semaphore_release(ql_sem_t sem);
QlOSStatus ql_rtos_semaphore_delete(ql_sem_t sem);

/* Recursive, as on the module. */
QlOSStatus ql_rtos_mutex_create(ql_mutex_t *mutex);
QlOSStatus ql_rtos_mutex_lock(ql_mutex_t mutex, uint32 timeout_ms);
QlOSStatus ql_rtos_mutex_try_lock(ql_mutex_t mutex);
QlOSStatus ql_rtos_mutex_unlock(ql_mutex_t mutex);
QlOSStatus ql_rtos_mutex_delete(ql_mutex_t mutex);

QlOSStatus ql_rtos_queue_create(ql_queue_t *queue, uint32 item_bytes, uint32 items);
/* Takes the oldest item; `size` is the room at `item` and at least the item size. */
QlOSStatus ql_rtos_queue_wait(ql_queue_t queue, uint8 *item, uint32 size, uint32 timeout_ms);
/* Puts an item in; QL_NO_WAIT fails at once when the queue is full. */
QlOSStatus ql_rtos_queue_release(ql_queue_t queue, uint32 size, uint8 *item, uint32 timeout_ms);
QlOSStatus ql_rtos_queue_get_cnt(ql_queue_t queue, uint32 *count);
QlOSStatus ql_rtos_queue_delete(ql_queue_t queue);

/* ms since this boot; never goes back. */
int64_t ql_rtos_up_time_ms(void);
/* Percent of the processor that was in use in the last whole second, counted from the first call on; below 0: not known. */
int ql_rtos_get_cpu_using(void);
void ql_rtos_feed_dog(void);

#endif
