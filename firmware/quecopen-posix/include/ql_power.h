/* Reset, power down, and why the module booted. */
#ifndef QL_POWER_H
#define QL_POWER_H

#include "ql_osi_def.h"

typedef int ql_errcode_power;
#define QL_POWER_POWD_SUCCESS 0

typedef enum { RESET_QUICK = 0, RESET_NORMAL = 1 } ql_ResetMode;
typedef enum { POWD_IMMDLY = 0, POWD_NORMAL = 1 } ql_PowdMode;

typedef enum {
    QL_PWRUP_UNKNOWN = 0,
    QL_PWRUP_PWRKEY,
    QL_PWRUP_PIN_RESET,
    QL_PWRUP_ALARM,
    QL_PWRUP_CHARGE,
    QL_PWRUP_WDG,
    QL_PWRUP_PIN_WAKEUP,
    QL_PWRUP_PSM_WAKEUP,
    QL_PWRUP_PANIC
} ql_pwrup_reason_e;

/* Neither returns. */
void ql_power_reset(ql_ResetMode mode);
void ql_power_down(ql_PowdMode mode);
ql_errcode_power ql_get_powerup_reason(uint8_t *reason);

#if QL_SDK_GENERATION >= 2
#define QL_BOOTCAUSE_PWRKEY (1u << 0)
#define QL_BOOTCAUSE_PIN_RST (1u << 1)
#define QL_BOOTCAUSE_ALARM (1u << 2)
#define QL_BOOTCAUSE_CHARGE (1u << 3)
#define QL_BOOTCAUSE_WDG (1u << 4)
#define QL_BOOTCAUSE_PIN_WAKEUP (1u << 5)
#define QL_BOOTCAUSE_PSM_WAKEUP (1u << 6)
#define QL_BOOTCAUSE_PANIC (1u << 9)
#define QL_BOOTCAUSE_SW_RST (1u << 15)

/* A set of QL_BOOTCAUSE_* bits. */
ql_errcode_power ql_get_boot_cause(uint32_t *causes);
#endif

#endif
