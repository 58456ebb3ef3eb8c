#define _GNU_SOURCE
#include "exercise.h"

#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

/* Long against a scheduler's whims, since only what a defect swallows is waited for that long. */
#define PATIENCE_MS 700

struct transcript transcript = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

void append(char *text, size_t room, const char *shape, ...)
{
    va_list args;
    va_start(args, shape);
    size_t used = strlen(text);
    vsnprintf(text + used, room - used, shape, args);
    va_end(args);
}

void note(const char *shape, ...)
{
    char line[512];
    va_list args;
    va_start(args, shape);
    vsnprintf(line, sizeof line, shape, args);
    va_end(args);
    pthread_mutex_lock(&transcript.lock);
    append(transcript.returned, sizeof transcript.returned, "%s\n", line);
    pthread_mutex_unlock(&transcript.lock);
}

static struct timespec patience(void)
{
    struct timespec end;
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_nsec += PATIENCE_MS * 1000000L;
    end.tv_sec += end.tv_nsec / 1000000000L;
    end.tv_nsec %= 1000000000L;
    return end;
}

void await(unsigned count)
{
    struct timespec end = patience();
    pthread_mutex_lock(&transcript.lock);
    int waited = 0;
    while (transcript.callbacks < count && waited == 0)
        waited = pthread_cond_timedwait(&transcript.changed, &transcript.lock, &end);
    if (transcript.callbacks < count)
        append(transcript.heard, sizeof transcript.heard, "(missing)\n");
    transcript.callbacks -= transcript.callbacks < count ? transcript.callbacks : count;
    pthread_mutex_unlock(&transcript.lock);
}

bool await_packet(const char *hex)
{
    bool seen = false;
    for (int i = 0; i < 70 && !seen; i++) {
        poll(NULL, 0, 10);
        pthread_mutex_lock(&transcript.lock);
        seen = strstr(transcript.wire, hex) != NULL;
        pthread_mutex_unlock(&transcript.lock);
    }
    return seen;
}

void await_end(void)
{
    struct timespec end = patience();
    pthread_mutex_lock(&transcript.lock);
    for (int waited = 0; transcript.ends == 0 && waited == 0;)
        waited = pthread_cond_timedwait(&transcript.changed, &transcript.lock, &end);
    append(transcript.returned, sizeof transcript.returned, "closed %d\n", transcript.ends > 0);
    transcript.ends = 0;
    pthread_mutex_unlock(&transcript.lock);
}
