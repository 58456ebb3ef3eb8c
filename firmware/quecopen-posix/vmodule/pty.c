#include "pty.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

static bool make_raw(const char *name)
{
    struct termios mode;
    const int slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0)
        return false;
    bool is_raw = tcgetattr(slave, &mode) == 0;
    cfmakeraw(&mode);
    is_raw = is_raw && tcsetattr(slave, TCSANOW, &mode) == 0 && fchmod(slave, 0600) == 0;
    /* The mode outlives this descriptor as long as the master is open. */
    close(slave);
    return is_raw;
}

bool qlv_pty_open(struct qlv_pty *pty)
{
    pty->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (pty->master < 0)
        return false;
    if (grantpt(pty->master) == 0 && unlockpt(pty->master) == 0 && ptsname_r(pty->master, pty->name, sizeof pty->name) == 0 &&
        make_raw(pty->name))
        return true;
    close(pty->master);
    pty->master = -1;
    return false;
}
