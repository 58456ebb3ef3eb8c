#ifndef QLV_DOG_H
#define QLV_DOG_H

#include <stdbool.h>
#include <stdint.h>

/*
 * The watchdog: once enabled it must be fed within the time-out, or it ends the process with QLV_EXIT_WATCHDOG. The hardware
 * dog (ql_dev_feed_wdt) and the software dog (ql_rtos_feed_dog) are one here.
 */
void qlv_dog_start(uint32_t timeout_ms);
void qlv_dog_enable(bool enabled);
void qlv_dog_feed(void);

#endif
