#include "child.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

void qlv_child_let(struct qlv_child_plan *plan, const char *name, const char *value)
{
    if (plan->variables < QLV_CHILD_VARIABLES) {
        plan->environment[plan->variables].name = name;
        plan->environment[plan->variables].value = value;
        plan->variables++;
    }
}

void qlv_child_give(struct qlv_child_plan *plan, int fd)
{
    if (plan->fd_count < QLV_CHILD_FDS)
        plan->fds[plan->fd_count++] = fd;
}

static void restore_signals(void)
{
    sigset_t none;
    sigemptyset(&none);
    (void)signal(SIGPIPE, SIG_DFL);
    (void)sigprocmask(SIG_SETMASK, &none, NULL);
}

__attribute__((noreturn)) static void become(const struct qlv_child_plan *plan, pid_t parent)
{
    /* Ctrl-C on a terminal is for the supervisor alone. */
    (void)setpgid(0, 0);
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(127);
    restore_signals();
    /* Panics are part of the game: no core file for each. */
    (void)setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    const int nothing = open("/dev/null", O_RDONLY);
    (void)dup2(nothing, STDIN_FILENO);
    (void)dup2(plan->log, STDOUT_FILENO);
    (void)dup2(plan->log, STDERR_FILENO);
    close(nothing);
    for (size_t i = 0; i < plan->fd_count; i++)
        (void)fcntl(plan->fds[i], F_SETFD, 0);
    for (size_t i = 0; i < plan->variables; i++) {
        if (plan->environment[i].value == NULL)
            (void)unsetenv(plan->environment[i].name);
        else
            (void)setenv(plan->environment[i].name, plan->environment[i].value, 1);
    }
    /* execv changes nothing; its type is older than const. */
    (void)execv(plan->path, (char *const *)(uintptr_t)plan->argv);
    fprintf(stderr, "cannot run %s: %s\n", plan->path, strerror(errno));
    _exit(127);
}

pid_t qlv_child_start(const struct qlv_child_plan *plan)
{
    const pid_t parent = getpid();
    const pid_t child = fork();
    if (child == 0)
        become(plan, parent);
    return child;
}
