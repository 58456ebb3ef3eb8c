/* Identity, heap, hardware watchdog, modem functionality. */
#ifndef QL_API_DEV_H
#define QL_API_DEV_H

#include "ql_osi_def.h"

typedef int ql_errcode_dev_e;
#define QL_DEV_SUCCESS 0

typedef struct {
    uint32_t total_size;
    uint32_t avail_size;
    uint32_t max_block_size;
} ql_memory_heap_state_t;

ql_errcode_dev_e ql_dev_get_model(char *text, size_t room);
ql_errcode_dev_e ql_dev_get_firmware_version(char *text, size_t room);
ql_errcode_dev_e ql_dev_get_imei(char *text, size_t room, uint8_t sim);
ql_errcode_dev_e ql_dev_memory_size_query(ql_memory_heap_state_t *heap);
/* 1 enables the hardware watchdog, 0 disables it. */
ql_errcode_dev_e ql_dev_cfg_wdt(uint8_t enabled);
ql_errcode_dev_e ql_dev_feed_wdt(void);
/* fun: 0 minimum, 1 full, 4 flight mode. reset 1 restarts the module and does not return. */
ql_errcode_dev_e ql_dev_set_modem_fun(uint8_t fun, uint8_t reset, uint8_t sim);
ql_errcode_dev_e ql_dev_get_modem_fun(uint8_t *fun, uint8_t sim);

#endif
