#define _POSIX_C_SOURCE 200809L
#include "engine.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "client.h"
#include "connection.h"
#include "events.h"
#include "linger.h"
#include "ql_api_osi.h"
#include "qlv_network.h"

#define STACK_BYTES (16 * 1024)
#define WATCHED_MAX (1 + MQ_CLIENTS_MAX + MQ_LINGER_MAX)
#define LONGEST_SLEEP_MS 60000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int wake_fd = -1;
static bool tried; /* once: tasks that were made cannot be taken back */
static bool started;

void mq_engine_lock(void)
{
    pthread_mutex_lock(&lock);
}

void mq_engine_unlock(void)
{
    pthread_mutex_unlock(&lock);
}

pthread_mutex_t *mq_engine_mutex(void)
{
    return &lock;
}

void mq_engine_wake(void)
{
    const uint64_t one = 1;
    ssize_t ignored = write(wake_fd, &one, sizeof one); /* fails only when it is awake already */
    (void)ignored;
}

int64_t mq_engine_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_off(void)
{
    uint64_t count;
    ssize_t ignored = read(wake_fd, &count, sizeof count);
    (void)ignored;
}

/* What to wait for; returns how many. */
static nfds_t watch(struct pollfd *watched)
{
    nfds_t count = 0;
    watched[count++] = (struct pollfd){ .fd = wake_fd, .events = POLLIN };
    for (size_t i = 0; i < MQ_CLIENTS_MAX; i++) {
        const struct mq_client *client = mq_client_at(i);
        short interest = client->used ? mq_connection_interest(client) : 0;
        if (interest != 0) /* a socket that is not to be touched would wake us all the time once it is broken */
            watched[count++] = (struct pollfd){ .fd = client->link.fd, .events = interest };
    }
    return count + (nfds_t)mq_linger_watch(watched + count);
}

static int sleep_ms(void)
{
    int64_t due = mq_linger_deadline();
    for (size_t i = 0; i < MQ_CLIENTS_MAX; i++) {
        struct mq_client *client = mq_client_at(i);
        int64_t own = client->used ? mq_connection_due_ms(client) : INT64_MAX;
        if (own < due)
            due = own;
    }
    int64_t now = mq_engine_now_ms();
    if (due <= now)
        return 0;
    return due - now > LONGEST_SLEEP_MS ? LONGEST_SLEEP_MS : (int)(due - now);
}

static void serve_all(void)
{
    for (size_t i = 0; i < MQ_CLIENTS_MAX; i++)
        if (mq_client_at(i)->used)
            mq_connection_serve(mq_client_at(i), mq_engine_now_ms());
    mq_linger_serve(mq_engine_now_ms());
}

static void socket_task(void *unused)
{
    struct pollfd watched[WATCHED_MAX];
    (void)unused;
    mq_engine_lock();
    for (;;) {
        nfds_t count = watch(watched);
        int timeout = sleep_ms();
        mq_engine_unlock();
        poll(watched, count, timeout);
        sleep_off();
        mq_engine_lock();
        serve_all();
    }
}

static void on_data_call_lost(int profile, void *unused)
{
    (void)unused;
    mq_connections_lose_network(profile);
}

static bool start_task(char *name, void (*body)(void *))
{
    ql_task_t task = NULL;
    return ql_rtos_task_create(&task, STACK_BYTES, APP_PRIORITY_ABOVE_NORMAL, name, body, NULL, 0) == QL_OSI_SUCCESS;
}

static bool start_tasks(void)
{
    static char event_task_name[] = "ql_mqtt_client_task";
    static char socket_task_name[] = "ql_mqtt_listen_task";
    wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (wake_fd < 0 || !qlv_data_call_listen(on_data_call_lost, NULL))
        return false;
    mq_events_init();
    return start_task(event_task_name, mq_events_task) && start_task(socket_task_name, socket_task);
}

bool mq_engine_start(void)
{
    mq_engine_lock();
    if (!tried)
        started = start_tasks();
    tried = true;
    bool result = started;
    mq_engine_unlock();
    return result;
}
