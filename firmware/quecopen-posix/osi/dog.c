#include "dog.h"

#include <stdio.h>
#include <unistd.h>

#include "monitor.h"
#include "ql_api_osi.h"
#include "qlv_exit.h"

static struct qlv_monitor monitor;
static uint32_t patience_ms;
static bool is_enabled;
static struct qlv_deadline bite_at;

static void bite(void)
{
    fprintf(stderr, "watchdog: not fed for %u ms\n", (unsigned)patience_ms);
    _exit(QLV_EXIT_WATCHDOG);
}

static bool is_past(const struct qlv_deadline *deadline)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec > deadline->at.tv_sec || (now.tv_sec == deadline->at.tv_sec && now.tv_nsec >= deadline->at.tv_nsec);
}

/* Not a task of ql_rtos: the hardware that it stands for can't be deleted or seen in a task list. */
static void *watch(void *unused)
{
    (void)unused;
    const struct qlv_deadline never = {.never = true};
    pthread_mutex_lock(&monitor.lock);
    for (;;) {
        /* Copied: feeding moves the deadline while this waits for the old one. */
        struct qlv_deadline deadline = is_enabled ? bite_at : never;
        if (!qlv_monitor_wait(&monitor, &deadline) && is_enabled && is_past(&bite_at))
            bite();
    }
    return NULL;
}

void qlv_dog_start(uint32_t timeout_ms)
{
    pthread_t thread;
    patience_ms = timeout_ms;
    qlv_monitor_init(&monitor);
    if (pthread_create(&thread, NULL, watch, NULL) == 0)
        pthread_detach(thread);
}

void qlv_dog_enable(bool enabled)
{
    pthread_mutex_lock(&monitor.lock);
    is_enabled = enabled;
    bite_at = qlv_deadline_in(patience_ms);
    pthread_cond_signal(&monitor.changed);
    pthread_mutex_unlock(&monitor.lock);
}

void qlv_dog_feed(void)
{
    pthread_mutex_lock(&monitor.lock);
    bite_at = qlv_deadline_in(patience_ms);
    pthread_mutex_unlock(&monitor.lock);
}

void ql_rtos_feed_dog(void)
{
    qlv_dog_feed();
}
