/* The tasks of the shim: one that reads, one that writes, one a slot, one for slow jobs, one for the AT tunnel. */
#ifndef SHIM_TASKS_H
#define SHIM_TASKS_H

#include "shim.h"

#define SHIM_OWN_TASKS (SHIM_SLOTS + 4)

struct shim_own_task {
    char name[16];
    ql_task_t task;
};

extern struct shim_own_task shim_own_tasks[SHIM_OWN_TASKS];

#endif
