#define _POSIX_C_SOURCE 200809L
#include "lookup.h"

#include <netdb.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS_MAX 16 /* lookups that were given up go on until the resolver does */

struct mq_lookup {
    char host[1025];
    char port[6];
    void (*wake)(void);
    struct addrinfo *found;
    bool finished;
    bool dropped;
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int threads;

static struct addrinfo *resolve(const char *host, const char *port, int flags)
{
    const struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV | flags };
    struct addrinfo *found = NULL;
    return getaddrinfo(host, port, &hints, &found) == 0 ? found : NULL;
}

static void discard(struct mq_lookup *lookup)
{
    if (lookup->found != NULL)
        freeaddrinfo(lookup->found);
    free(lookup);
}

static void *run(void *argument)
{
    struct mq_lookup *lookup = argument;
    struct addrinfo *found = resolve(lookup->host, lookup->port, 0);
    pthread_mutex_lock(&lock);
    threads--;
    lookup->found = found;
    lookup->finished = true;
    bool dropped = lookup->dropped;
    void (*wake)(void) = lookup->wake;
    pthread_mutex_unlock(&lock);
    if (dropped)
        discard(lookup);
    else
        wake();
    return NULL;
}

static bool start_thread(struct mq_lookup *lookup)
{
    pthread_t thread;
    pthread_mutex_lock(&lock);
    bool started = threads < THREADS_MAX && pthread_create(&thread, NULL, run, lookup) == 0;
    if (started)
        threads++;
    pthread_mutex_unlock(&lock);
    if (started)
        pthread_detach(thread);
    return started;
}

struct mq_lookup *mq_lookup_start(const char *host, uint16_t port, void (*wake)(void))
{
    struct mq_lookup *lookup = calloc(1, sizeof *lookup);
    if (lookup == NULL)
        return NULL;
    snprintf(lookup->host, sizeof lookup->host, "%s", host);
    snprintf(lookup->port, sizeof lookup->port, "%u", (unsigned)port);
    lookup->wake = wake;
    if (start_thread(lookup))
        return lookup;
    free(lookup);
    return NULL;
}

bool mq_lookup_finished(struct mq_lookup *lookup, struct addrinfo **found)
{
    pthread_mutex_lock(&lock);
    bool finished = lookup->finished;
    if (finished) {
        *found = lookup->found;
        lookup->found = NULL;
    }
    pthread_mutex_unlock(&lock);
    return finished;
}

void mq_lookup_drop(struct mq_lookup *lookup)
{
    if (lookup == NULL)
        return;
    pthread_mutex_lock(&lock);
    bool finished = lookup->finished;
    lookup->dropped = true;
    pthread_mutex_unlock(&lock);
    if (finished)
        discard(lookup);
}

struct addrinfo *mq_lookup_address(const char *host, uint16_t port)
{
    char text[6];
    snprintf(text, sizeof text, "%u", (unsigned)port);
    return resolve(host, text, AI_NUMERICHOST);
}
