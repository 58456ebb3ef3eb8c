/* Reset, power down, boot cause: the end of the process tells the supervisor, and the supervisor the next boot. */
#include "power.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "module.h"
#include "ports.h"
#include "ql_power.h"

/* An orderly end gives the host this long to read. */
#define DRAIN_MS 500u

struct cause {
    const char *name;
    uint8_t reason;
    uint32_t bit;
};

/* Bits: QL_BOOTCAUSE_*, which the manual's generation lacks. The older call has no value for a software reset. */
static const struct cause causes[] = {
    {"power-key", QL_PWRUP_PWRKEY, 1u << 0}, {"pin-reset", QL_PWRUP_PIN_RESET, 1u << 1},
    {"alarm", QL_PWRUP_ALARM, 1u << 2},      {"charge", QL_PWRUP_CHARGE, 1u << 3},
    {"watchdog", QL_PWRUP_WDG, 1u << 4},     {"pin-wake", QL_PWRUP_PIN_WAKEUP, 1u << 5},
    {"psm", QL_PWRUP_PSM_WAKEUP, 1u << 6},   {"panic", QL_PWRUP_PANIC, 1u << 9},
    {"software-reset", QL_PWRUP_UNKNOWN, 1u << 15},
};

static struct cause boot_cause(void)
{
    const char *name = qlv_module_boot_cause();
    for (size_t i = 0; i < sizeof causes / sizeof *causes; i++) {
        if (strcmp(causes[i].name, name) == 0)
            return causes[i];
    }
    return (struct cause){"unknown", QL_PWRUP_UNKNOWN, 0};
}

void qlv_power_end(enum qlv_exit how)
{
    qlv_ports_drain(DRAIN_MS);
    fprintf(stderr, "end of this boot: exit %d\n", (int)how);
    _exit((int)how);
}

void ql_power_reset(ql_ResetMode mode)
{
    if (mode == RESET_QUICK)
        _exit(QLV_EXIT_SOFTWARE_RESET);
    qlv_power_end(QLV_EXIT_SOFTWARE_RESET);
}

void ql_power_down(ql_PowdMode mode)
{
    if (mode == POWD_IMMDLY)
        _exit(QLV_EXIT_POWER_DOWN);
    qlv_power_end(QLV_EXIT_POWER_DOWN);
}

ql_errcode_power ql_get_powerup_reason(uint8_t *reason)
{
    if (reason == NULL)
        return -1;
    *reason = boot_cause().reason;
    return QL_POWER_POWD_SUCCESS;
}

#if QL_SDK_GENERATION >= 2
ql_errcode_power ql_get_boot_cause(uint32_t *bits)
{
    if (bits == NULL)
        return -1;
    *bits = boot_cause().bit;
    return QL_POWER_POWD_SUCCESS;
}
#endif
