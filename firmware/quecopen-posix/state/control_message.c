#include "control_message.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

union room_for_fds {
    char bytes[CMSG_SPACE(sizeof(int) * QLV_MESSAGE_FDS)];
    struct cmsghdr aligned;
};

bool qlv_message_send(int socket, const char *text, const int *fds, size_t fd_count)
{
    union room_for_fds room;
    struct iovec part = {.iov_base = (void *)(size_t)text, .iov_len = strlen(text)};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    if (fd_count > QLV_MESSAGE_FDS)
        return false;
    if (fd_count > 0) {
        memset(&room, 0, sizeof room);
        message.msg_control = room.bytes;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        header->cmsg_level = SOL_SOCKET;
        header->cmsg_type = SCM_RIGHTS;
        header->cmsg_len = CMSG_LEN(sizeof(int) * fd_count);
        memcpy(CMSG_DATA(header), fds, sizeof(int) * fd_count);
    }
    ssize_t sent = -1;
    do
        sent = sendmsg(socket, &message, MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent >= 0;
}

static size_t take_fds(struct msghdr *message, int fds[QLV_MESSAGE_FDS])
{
    struct cmsghdr *header = CMSG_FIRSTHDR(message);
    if (header == NULL || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
        return 0;
    const size_t count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    memcpy(fds, CMSG_DATA(header), count * sizeof(int));
    return count;
}

ssize_t qlv_message_receive(int socket, char text[QLV_MESSAGE_BYTES + 1], int fds[QLV_MESSAGE_FDS], size_t *fd_count)
{
    union room_for_fds room;
    struct iovec part = {.iov_base = text, .iov_len = QLV_MESSAGE_BYTES};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = room.bytes, .msg_controllen = sizeof room.bytes};
    ssize_t got = -1;
    do
        got = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got >= 0) {
        text[got] = '\0';
        *fd_count = take_fds(&message, fds);
    }
    return got;
}
