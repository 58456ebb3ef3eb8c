#ifndef QLV_AT_TASK_H
#define QLV_AT_TASK_H

/* Starts the task that answers AT commands, on the USB AT port and on the virtual ports. */
void qlv_at_start(void);

#endif
