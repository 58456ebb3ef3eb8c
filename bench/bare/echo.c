/* The bare other end of a link: a PTY on which every byte comes back. Prints the terminal's name; ends with its standard input. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

int main(void)
{
    static char bytes[65536];
    struct termios raw;
    int master = posix_openpt(O_RDWR | O_NOCTTY);
    if (master < 0 || grantpt(master) != 0 || unlockpt(master) != 0)
        return 1;
    /* Held open, so that the terminal stays raw and the master readable between two openings. */
    int slave = open(ptsname(master), O_RDWR | O_NOCTTY);
    if (slave < 0 || tcgetattr(slave, &raw) != 0)
        return 1;
    cfmakeraw(&raw);
    if (tcsetattr(slave, TCSANOW, &raw) != 0)
        return 1;
    printf("%s\n", ptsname(master));
    fflush(stdout);
    struct pollfd ends[] = {{.fd = master, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    while (poll(ends, 2, -1) > 0 && ends[1].revents == 0) {
        ssize_t length = read(master, bytes, sizeof bytes);
        for (ssize_t done = 0; done < length;) {
            ssize_t written = write(master, bytes + done, (size_t)(length - done));
            if (written <= 0)
                return 1;
            done += written;
        }
    }
    return 0;
}
