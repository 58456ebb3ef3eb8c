#ifndef QLV_PTY_H
#define QLV_PTY_H

#include <stdbool.h>

struct qlv_pty {
    int master;    /* close-on-exec */
    char name[64]; /* /dev/pts/N */
};

/* A fresh pair, raw and of mode 0600 before anybody can write to it. */
bool qlv_pty_open(struct qlv_pty *pty);

#endif
