/* Bounded queues of fixed-size items. */
#include <stdlib.h>
#include <string.h>

#include "monitor.h"
#include "ql_api_osi.h"

struct queue {
    struct qlv_monitor monitor;
    uint32 item_bytes;
    uint32 items;
    uint32 first;
    uint32 used;
    unsigned char room[];
};

QlOSStatus ql_rtos_queue_create(ql_queue_t *queue, uint32 item_bytes, uint32 items)
{
    if (queue == NULL || item_bytes == 0 || items == 0)
        return -1;
    struct queue *made = calloc(1, sizeof *made + (size_t)item_bytes * items);
    if (made == NULL)
        return -1;
    qlv_monitor_init(&made->monitor);
    made->item_bytes = item_bytes;
    made->items = items;
    *queue = made;
    return QL_OSI_SUCCESS;
}

static unsigned char *item_at(struct queue *self, uint32 index)
{
    return self->room + (size_t)(index % self->items) * self->item_bytes;
}

QlOSStatus ql_rtos_queue_wait(ql_queue_t queue, uint8 *item, uint32 size, uint32 timeout_ms)
{
    struct queue *self = queue;
    if (self == NULL || item == NULL || size < self->item_bytes)
        return -1;
    struct qlv_deadline deadline = qlv_deadline_in(timeout_ms);
    QlOSStatus status = -1;
    pthread_mutex_lock(&self->monitor.lock);
    pthread_cleanup_push(qlv_monitor_unlock, &self->monitor);
    while (self->used == 0 && timeout_ms != QL_NO_WAIT && qlv_monitor_wait(&self->monitor, &deadline)) {
    }
    if (self->used > 0) {
        memcpy(item, item_at(self, self->first), self->item_bytes);
        self->first = (self->first + 1) % self->items;
        self->used--;
        /* Readers and writers share the condition, so one waiter alone might be the wrong one. */
        pthread_cond_broadcast(&self->monitor.changed);
        status = QL_OSI_SUCCESS;
    }
    pthread_cleanup_pop(1);
    return status;
}

QlOSStatus ql_rtos_queue_release(ql_queue_t queue, uint32 size, uint8 *item, uint32 timeout_ms)
{
    struct queue *self = queue;
    if (self == NULL || item == NULL || size == 0 || size > self->item_bytes)
        return -1;
    struct qlv_deadline deadline = qlv_deadline_in(timeout_ms);
    QlOSStatus status = -1;
    pthread_mutex_lock(&self->monitor.lock);
    pthread_cleanup_push(qlv_monitor_unlock, &self->monitor);
    while (self->used == self->items && timeout_ms != QL_NO_WAIT && qlv_monitor_wait(&self->monitor, &deadline)) {
    }
    if (self->used < self->items) {
        unsigned char *to = item_at(self, self->first + self->used);
        memset(to, 0, self->item_bytes);
        memcpy(to, item, size);
        self->used++;
        pthread_cond_broadcast(&self->monitor.changed);
        status = QL_OSI_SUCCESS;
    }
    pthread_cleanup_pop(1);
    return status;
}

QlOSStatus ql_rtos_queue_get_cnt(ql_queue_t queue, uint32 *count)
{
    struct queue *self = queue;
    if (self == NULL || count == NULL)
        return -1;
    pthread_mutex_lock(&self->monitor.lock);
    *count = self->used;
    pthread_mutex_unlock(&self->monitor.lock);
    return QL_OSI_SUCCESS;
}

QlOSStatus ql_rtos_queue_delete(ql_queue_t queue)
{
    struct queue *self = queue;
    if (self == NULL)
        return -1;
    qlv_monitor_destroy(&self->monitor);
    free(self);
    return QL_OSI_SUCCESS;
}
