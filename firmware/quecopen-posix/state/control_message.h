/*
 * Messages between supervisor and firmware, one a SOCK_SEQPACKET datagram, text:
 *
 * to the firmware     "set KEY=VALUE" · "plug N,N,…" with one PTY master an interface number (SCM_RIGHTS) · "unplug"
 * its answer          "ok" · "error REASON"
 * from it, unasked    "keep KEY=VALUE" · "heard"
 */
#ifndef QLV_CONTROL_MESSAGE_H
#define QLV_CONTROL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define QLV_MESSAGE_BYTES 512
#define QLV_MESSAGE_FDS 8

bool qlv_message_send(int socket, const char *text, const int *fds, size_t fd_count);

/* Bytes of the text, which is ended by a NUL; 0 when the other side is gone, negative when nothing is there (EAGAIN). */
ssize_t qlv_message_receive(int socket, char text[QLV_MESSAGE_BYTES + 1], int fds[QLV_MESSAGE_FDS], size_t *fd_count);

#endif
