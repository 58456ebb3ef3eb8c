#define _GNU_SOURCE
#include "link.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include "defects.h"
#include "linger.h"

void mq_link_init(struct mq_link *link)
{
    *link = (struct mq_link){ .fd = -1 };
}

bool mq_link_open(struct mq_link *link, const struct mq_info *info, void (*wake)(void))
{
    mq_link_init(link);
    if (info->tls && (link->tls = mq_tls_new(info)) == NULL)
        return false;
    link->addresses = mq_lookup_address(info->url.host, info->url.port);
    link->untried = link->addresses;
    if (link->addresses == NULL)
        link->lookup = mq_lookup_start(info->url.host, info->url.port, wake);
    return link->addresses != NULL || link->lookup != NULL;
}

static void drop_socket(struct mq_link *link)
{
    if (link->fd >= 0)
        close(link->fd);
    link->fd = -1;
}

/* Begins a TCP connection to the next address; false when there is none left. */
static bool try_next(struct mq_link *link)
{
    const int on = 1;
    while (link->untried != NULL) {
        const struct addrinfo *to = link->untried;
        link->untried = to->ai_next;
        link->fd = socket(to->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        if (link->fd < 0)
            continue;
        setsockopt(link->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (connect(link->fd, to->ai_addr, to->ai_addrlen) == 0 || errno == EINPROGRESS)
            return true;
        drop_socket(link);
    }
    return false;
}

static bool take_answer(struct mq_link *link)
{
    if (!mq_lookup_finished(link->lookup, &link->addresses))
        return false;
    mq_lookup_drop(link->lookup);
    link->lookup = NULL;
    link->untried = link->addresses;
    return true;
}

static enum mq_step check_socket(const struct mq_link *link)
{
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    int error = 0;
    socklen_t error_size = sizeof error;
    if (getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &error, &error_size) != 0 || error != 0)
        return MQ_STEP_FAILED;
    return getpeername(link->fd, (struct sockaddr *)&peer, &size) == 0 ? MQ_STEP_DONE : MQ_STEP_AGAIN;
}

enum mq_step mq_link_reach(struct mq_link *link)
{
    if (link->lookup != NULL && !take_answer(link))
        return MQ_STEP_AGAIN;
    for (;;) {
        if (link->fd < 0 && !try_next(link))
            return MQ_STEP_FAILED;
        enum mq_step step = check_socket(link);
        if (step == MQ_STEP_DONE && link->tls != NULL)
            mq_tls_attach(link->tls, link->fd);
        if (step != MQ_STEP_FAILED)
            return step;
        drop_socket(link);
    }
}

enum mq_step mq_link_secure(struct mq_link *link)
{
    int result = mq_tls_handshake(link->tls);
    return result > 0 ? MQ_STEP_DONE : result == 0 ? MQ_STEP_AGAIN : MQ_STEP_FAILED;
}

static int moved(ssize_t result)
{
    if (result >= 0)
        return (int)result;
    return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR ? 0 : -1;
}

int mq_link_send(struct mq_link *link, const uint8_t *bytes, size_t length)
{
    if (link->tls != NULL)
        return mq_tls_send(link->tls, bytes, length);
    return moved(send(link->fd, bytes, length, MSG_NOSIGNAL));
}

int mq_link_receive(struct mq_link *link, uint8_t *bytes, size_t room)
{
    if (link->tls != NULL)
        return mq_tls_receive(link->tls, bytes, room);
    ssize_t got = recv(link->fd, bytes, room, 0);
    return got == 0 ? -1 : moved(got);
}

bool mq_link_has_pending(const struct mq_link *link)
{
    return link->tls != NULL && mq_tls_has_pending(link->tls);
}

static void end_socket(struct mq_link *link, enum mq_ending ending, int64_t now_ms, int64_t for_ms)
{
    const struct linger abort_it = { .l_onoff = 1, .l_linger = 0 };
    if (ending == MQ_ENDING_GRACEFUL) {
        mq_linger_add(link->fd, now_ms, for_ms);
        link->fd = -1;
        return;
    }
    setsockopt(link->fd, SOL_SOCKET, SO_LINGER, &abort_it, sizeof abort_it);
    drop_socket(link);
}

void mq_link_close(struct mq_link *link, enum mq_ending ending, int64_t now_ms, int64_t for_ms)
{
    mq_lookup_drop(link->lookup);
    if (link->addresses != NULL)
        freeaddrinfo(link->addresses);
    if (link->tls != NULL && link->fd >= 0 && ending == MQ_ENDING_GRACEFUL)
        mq_tls_say_goodbye(link->tls);
    mq_tls_free(link->tls);
    if (link->fd >= 0)
        end_socket(link, ending, now_ms, for_ms);
    mq_link_init(link);
}
