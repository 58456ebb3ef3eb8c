/* The supervisor's loop: control lines, the firmware's words, its end, and the pauses between boots. */
#include "supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "commands.h"
#include "firmware_link.h"
#include "machine.h"

#define LINE_BYTES 1024

struct line {
    int fd;
    char text[LINE_BYTES];
    size_t length;
    bool is_too_long;
};

static void finish_line(struct qlv_machine *machine, struct line *line)
{
    line->text[line->length] = '\0';
    if (line->is_too_long)
        qlv_command_refuse(line->text, "line too long");
    else if (line->length > 0)
        qlv_command_run(machine, line->text);
    line->length = 0;
    line->is_too_long = false;
}

static void read_commands(struct qlv_machine *machine, struct line *line)
{
    char bytes[512];
    const ssize_t got = read(line->fd, bytes, sizeof bytes);
    if (got < 0 && (errno == EINTR || errno == EAGAIN))
        return;
    if (got <= 0)
        machine->is_finished = true;
    for (ssize_t i = 0; i < got && !machine->is_finished; i++) {
        if (bytes[i] == '\n')
            finish_line(machine, line);
        else if (line->length + 1 >= sizeof line->text)
            line->is_too_long = true;
        else if (bytes[i] != '\r')
            line->text[line->length++] = bytes[i];
    }
}

static void reap(struct qlv_machine *machine)
{
    int status = 0;
    if (machine->pid > 0 && waitpid(machine->pid, &status, WNOHANG) == machine->pid)
        qlv_machine_ended(machine, status);
}

static void take_signal(struct qlv_machine *machine, int signals)
{
    struct signalfd_siginfo caught;
    if (read(signals, &caught, sizeof caught) != (ssize_t)sizeof caught)
        return;
    if (caught.ssi_signo == SIGCHLD)
        reap(machine);
    else
        machine->is_finished = true;
}

/* Signals come through a descriptor; SIGPIPE never: a reader that left is seen as the end of stdin. */
static int open_signals(void)
{
    sigset_t taken;
    sigemptyset(&taken);
    sigaddset(&taken, SIGCHLD);
    sigaddset(&taken, SIGINT);
    sigaddset(&taken, SIGTERM);
    sigaddset(&taken, SIGHUP);
    (void)signal(SIGPIPE, SIG_IGN);
    (void)sigprocmask(SIG_BLOCK, &taken, NULL);
    return signalfd(-1, &taken, SFD_CLOEXEC);
}

static int wait_ms(const struct qlv_machine *machine)
{
    if (machine->phase != QLV_PAUSE)
        return -1;
    const int64_t left = machine->resume_ms - qlv_now_ms();
    return left > 0 ? (int)left : 0;
}

static void step(struct qlv_machine *machine, struct line *from_stdin, struct line *from_fifo, int signals)
{
    struct pollfd waits[] = {
        {.fd = signals, .events = POLLIN},
        {.fd = machine->control, .events = POLLIN},
        {.fd = STDIN_FILENO, .events = POLLIN},
        /* An error on stdout, and nothing else: nobody reads the events any more. */
        {.fd = STDOUT_FILENO, .events = 0},
        {.fd = from_fifo->fd, .events = POLLIN},
    };
    if (poll(waits, sizeof waits / sizeof *waits, wait_ms(machine)) < 0)
        return;
    if (waits[1].revents != 0)
        qlv_firmware_listen(machine);
    if (waits[0].revents != 0)
        take_signal(machine, signals);
    if (waits[2].revents != 0)
        read_commands(machine, from_stdin);
    if (waits[4].revents != 0)
        read_commands(machine, from_fifo);
    if ((waits[3].revents & POLLERR) != 0)
        machine->is_finished = true;
    if (!machine->is_finished && machine->phase == QLV_PAUSE && machine->resume_ms <= qlv_now_ms())
        qlv_machine_resume(machine);
}

int qlv_supervise(const struct qlv_options *options)
{
    struct qlv_machine machine;
    const int signals = open_signals();
    if (qlv_machine_start(&machine, options)) {
        struct line from_stdin = {.fd = STDIN_FILENO};
        struct line from_fifo = {.fd = machine.commands};
        while (!machine.is_finished)
            step(&machine, &from_stdin, &from_fifo, signals);
        qlv_machine_finish(&machine);
    }
    return machine.exit_code;
}
