#ifndef QLV_UPTIME_H
#define QLV_UPTIME_H

/* Makes this moment the boot: time 0 of ql_rtos_up_time_ms. */
void qlv_uptime_start(void);

#endif
