#ifndef QLV_SUPERVISOR_H
#define QLV_SUPERVISOR_H

#include "options.h"

/* By which this program, started again, knows that it is the firmware. */
#define QLV_FIRMWARE_ARGUMENT "--firmware"

/* Runs the module until told to end; the exit code. */
int qlv_supervise(const struct qlv_options *options);

#endif
