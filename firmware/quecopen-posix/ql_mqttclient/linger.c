#define _POSIX_C_SOURCE 200809L
#include "linger.h"

#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

static struct {
    int fd;
    int64_t deadline_ms;
} sockets[MQ_LINGER_MAX];
static size_t count;

static void close_at(size_t index)
{
    close(sockets[index].fd);
    sockets[index] = sockets[--count];
}

static size_t oldest(void)
{
    size_t found = 0;
    for (size_t i = 1; i < count; i++)
        if (sockets[i].deadline_ms < sockets[found].deadline_ms)
            found = i;
    return found;
}

void mq_linger_add(int fd, int64_t now_ms, int64_t for_ms)
{
    if (shutdown(fd, SHUT_WR) != 0) {
        close(fd);
        return;
    }
    if (count == MQ_LINGER_MAX)
        close_at(oldest());
    sockets[count].fd = fd;
    sockets[count].deadline_ms = now_ms + for_ms;
    count++;
}

size_t mq_linger_watch(struct pollfd *into)
{
    for (size_t i = 0; i < count; i++)
        into[i] = (struct pollfd){ .fd = sockets[i].fd, .events = POLLIN };
    return count;
}

/* True once the server has closed too, or the connection is broken. */
static int has_ended(int fd)
{
    char waste[4096];
    ssize_t got;
    int rounds = 16;
    while ((got = recv(fd, waste, sizeof waste, 0)) > 0 && rounds-- > 0)
        ;
    return got == 0 || (got < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

void mq_linger_serve(int64_t now_ms)
{
    for (size_t i = count; i-- > 0;)
        if (now_ms >= sockets[i].deadline_ms || has_ended(sockets[i].fd))
            close_at(i);
}

int64_t mq_linger_deadline(void)
{
    int64_t first = INT64_MAX;
    for (size_t i = 0; i < count; i++)
        if (sockets[i].deadline_ms < first)
            first = sockets[i].deadline_ms;
    return first;
}
