/* How much of a processor this process used, second by second; the machine may have further ones. */
#include <pthread.h>
#include <stdbool.h>
#include <time.h>

#include "ql_api_osi.h"

#define PERIOD_MS 1000

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static bool counting;
static int last_percent;

static int64_t now_ns(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static void *count(void *unused)
{
    (void)unused;
    for (;;) {
        const int64_t used = now_ns(CLOCK_PROCESS_CPUTIME_ID);
        const int64_t since = now_ns(CLOCK_MONOTONIC);
        ql_rtos_task_sleep_ms(PERIOD_MS);
        const int64_t percent = (now_ns(CLOCK_PROCESS_CPUTIME_ID) - used) * 100 / (now_ns(CLOCK_MONOTONIC) - since);
        pthread_mutex_lock(&lock);
        last_percent = percent > 100 ? 100 : (int)percent;
        pthread_mutex_unlock(&lock);
    }
    return NULL;
}

int ql_rtos_get_cpu_using(void)
{
    pthread_t thread;
    pthread_mutex_lock(&lock);
    if (!counting) {
        counting = pthread_create(&thread, NULL, count, NULL) == 0;
        if (counting)
            pthread_detach(thread);
    }
    const int percent = counting ? last_percent : -1;
    pthread_mutex_unlock(&lock);
    return percent;
}
