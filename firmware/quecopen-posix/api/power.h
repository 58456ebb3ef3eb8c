#ifndef QLV_POWER_H
#define QLV_POWER_H

#include "qlv_exit.h"

/* Lets the host take what was written to it, for a moment, and ends this boot. */
__attribute__((noreturn)) void qlv_power_end(enum qlv_exit how);

#endif
