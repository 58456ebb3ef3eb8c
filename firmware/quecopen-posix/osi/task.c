/*
 * Tasks: threads on stacks of our own, painted so that the high-water mark can be read.
 *
 * Handles point into a fixed table, so that creating and deleting tasks leaves no trace in the heap figures. As on the module, the
 * handle of a deleted task may name another task later.
 */
#include <pthread.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "monitor.h"
#include "ql_api_osi.h"
#include "sanitized.h"

#define MAX_TASKS 64
#define NAME_BYTES 16
/* How long a deletion waits for the task to reach a cancellation point. */
#define DELETE_WAIT_MS 1000u
#define PAINT 0xA5A5A5A5A5A5A5A5u
/* The host's resolver, TLS and stdio take stack that the module's don't take from the caller. */
#if QLV_SANITIZED
#define HOST_STACK_BYTES (1024u * 1024u)
#else
#define HOST_STACK_BYTES (256u * 1024u)
#endif

enum task_life { FREE, ALIVE, ENDED };

struct task {
    enum task_life life;
    pthread_t thread;
    char name[NAME_BYTES + 1];
    uint8 priority;
    uint32 asked_bytes;
    unsigned char *stack;
    size_t stack_bytes;
    /* Where the firmware's own frames begin. */
    const unsigned char *top;
    void (*entry)(void *);
    void *arg;
};

static struct task tasks[MAX_TASKS];
static struct qlv_monitor monitor;
static pthread_once_t monitor_once = PTHREAD_ONCE_INIT;
static pthread_key_t current_key;

static void init_once(void)
{
    qlv_monitor_init(&monitor);
    pthread_key_create(&current_key, NULL);
}

static void lock(void)
{
    pthread_once(&monitor_once, init_once);
    pthread_mutex_lock(&monitor.lock);
}

static void unlock(void)
{
    pthread_mutex_unlock(&monitor.lock);
}

/* A thread can't give back the stack that it stands on, so the next caller does. */
static void reap(struct task *task)
{
    pthread_join(task->thread, NULL);
    munmap(task->stack, task->stack_bytes);
    memset(task, 0, sizeof *task);
}

static struct task *claim(void)
{
    struct task *found = NULL;
    for (size_t i = 0; i < MAX_TASKS; i++) {
        if (tasks[i].life == ENDED && !pthread_equal(tasks[i].thread, pthread_self()))
            reap(&tasks[i]);
        if (found == NULL && tasks[i].life == FREE)
            found = &tasks[i];
    }
    return found;
}

static void on_end(void *argument)
{
    struct task *task = argument;
    lock();
    task->life = ENDED;
    pthread_cond_broadcast(&monitor.changed);
    unlock();
}

static void *run(void *argument)
{
    struct task *task = argument;
    task->top = (const unsigned char *)__builtin_frame_address(0);
    pthread_setspecific(current_key, task);
    pthread_cleanup_push(on_end, task);
    task->entry(task->arg);
    pthread_cleanup_pop(1);
    return NULL;
}

static void paint(struct task *task)
{
    uint64_t *words = (uint64_t *)(void *)task->stack;
    for (size_t i = 0; i < task->stack_bytes / sizeof *words; i++)
        words[i] = PAINT;
}

static bool map_stack(struct task *task, uint32 asked_bytes)
{
    const size_t page = 4096;
    task->stack_bytes = ((size_t)asked_bytes + HOST_STACK_BYTES + page - 1) / page * page;
    void *room = mmap(NULL, task->stack_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
    if (room == MAP_FAILED)
        return false;
    task->stack = room;
    paint(task);
    return true;
}

static bool start_thread(struct task *task)
{
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    /* pthreads adds no guard page to a stack that it is given: the lowest page is one. */
    mprotect(task->stack, 4096, PROT_NONE);
    bool started = pthread_attr_setstack(&attributes, task->stack, task->stack_bytes) == 0 &&
                   pthread_create(&task->thread, &attributes, run, task) == 0;
    pthread_attr_destroy(&attributes);
    return started;
}

QlOSStatus ql_rtos_task_create(ql_task_t *task, uint32 stack_bytes, uint8 priority, char *name, void (*entry)(void *), void *arg,
                               uint32 event_count, ...)
{
    (void)event_count;
    if (task == NULL || entry == NULL || stack_bytes == 0)
        return -1;
    lock();
    struct task *made = claim();
    QlOSStatus status = -1;
    if (made != NULL && map_stack(made, stack_bytes)) {
        made->life = ALIVE;
        made->asked_bytes = stack_bytes;
        made->priority = priority;
        made->entry = entry;
        made->arg = arg;
        snprintf(made->name, sizeof made->name, "%s", name == NULL ? "" : name);
        /* Set before the task runs: its first act may be to read its own handle. */
        *task = made;
        if (start_thread(made)) {
            char short_name[16];
            snprintf(short_name, sizeof short_name, "%.15s", made->name);
            pthread_setname_np(made->thread, short_name);
            status = QL_OSI_SUCCESS;
        } else {
            munmap(made->stack, made->stack_bytes);
            memset(made, 0, sizeof *made);
            *task = NULL;
        }
    }
    unlock();
    return status;
}

static struct task *current(void)
{
    pthread_once(&monitor_once, init_once);
    return pthread_getspecific(current_key);
}

/* With the lock held. */
static struct task *find(ql_task_t handle)
{
    for (size_t i = 0; i < MAX_TASKS; i++) {
        if (&tasks[i] == handle && tasks[i].life != FREE)
            return &tasks[i];
    }
    return NULL;
}

QlOSStatus ql_rtos_task_delete(ql_task_t handle)
{
    struct task *self = current();
    if (handle == NULL || handle == self) {
        if (self == NULL)
            return -1;
        pthread_exit(NULL);
    }
    struct qlv_deadline deadline = qlv_deadline_in(DELETE_WAIT_MS);
    QlOSStatus status = -1;
    lock();
    pthread_cleanup_push(qlv_monitor_unlock, &monitor);
    struct task *task = find(handle);
    if (task != NULL) {
        if (task->life == ALIVE)
            pthread_cancel(task->thread);
        while (task->life == ALIVE && qlv_monitor_wait(&monitor, &deadline)) {
        }
        status = QL_OSI_SUCCESS;
    }
    pthread_cleanup_pop(1);
    return status;
}

QlOSStatus ql_rtos_task_get_current_ref(ql_task_t *task)
{
    if (task == NULL)
        return -1;
    *task = current();
    return QL_OSI_SUCCESS;
}

/* Reads the stack of another thread: only to see where the paint ends. */
#if defined(__GNUC__)
__attribute__((no_sanitize_address))
#endif
static size_t untouched_bytes(const struct task *task)
{
    const uint64_t *words = (const uint64_t *)(const void *)(task->stack + 4096);
    const size_t count = (task->stack_bytes - 4096) / sizeof *words;
    size_t free_words = 0;
    while (free_words < count && words[free_words] == PAINT)
        free_words++;
    return free_words * sizeof *words;
}

static uint16 high_water(const struct task *task)
{
    if (task->top == NULL)
        return (uint16)(task->asked_bytes > UINT16_MAX ? UINT16_MAX : task->asked_bytes);
    const size_t room = (size_t)(task->top - (task->stack + 4096));
    const size_t untouched = untouched_bytes(task);
    const size_t used = untouched >= room ? 0 : room - untouched;
    const size_t left = used >= task->asked_bytes ? 0 : task->asked_bytes - used;
    return (uint16)(left > UINT16_MAX ? UINT16_MAX : left);
}

QlOSStatus ql_rtos_task_get_status(ql_task_t handle, ql_task_status_t *status)
{
    if (status == NULL)
        return -1;
    struct task *self = current();
    lock();
    struct task *task = find(handle == NULL ? self : handle);
    if (task != NULL) {
        status->xHandle = task;
        status->pcTaskName = task->name;
        status->uxCurrentPriority = task->priority;
        status->eCurrentState = task->life == ENDED ? Deleted : task == self ? Running : Blocked;
        status->usStackHighWaterMark = task->life == ENDED ? 0 : high_water(task);
    }
    unlock();
    return task == NULL ? -1 : QL_OSI_SUCCESS;
}

void ql_rtos_task_yield(void)
{
    sched_yield();
}
