/* Starting processes that end with the supervisor, whatever ends it. */
#ifndef QLV_CHILD_H
#define QLV_CHILD_H

#include <stddef.h>
#include <sys/types.h>

#define QLV_CHILD_FDS 8
#define QLV_CHILD_VARIABLES 10

struct qlv_child_plan {
    const char *path;
    const char *const *argv;
    /* NAME, value pairs; a NULL value takes the variable away. */
    struct {
        const char *name;
        const char *value;
    } environment[QLV_CHILD_VARIABLES];
    size_t variables;
    /* Descriptors that it gets under the numbers that they have here. */
    int fds[QLV_CHILD_FDS];
    size_t fd_count;
    /* Takes its stdout and stderr. */
    int log;
};

void qlv_child_let(struct qlv_child_plan *plan, const char *name, const char *value);
void qlv_child_give(struct qlv_child_plan *plan, int fd);

/* The process id, or negative. The child leads a process group of its own. */
pid_t qlv_child_start(const struct qlv_child_plan *plan);

#endif
