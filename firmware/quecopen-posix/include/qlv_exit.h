/* How the firmware process ends, and what that makes of the next boot. */
#ifndef QLV_EXIT_H
#define QLV_EXIT_H

/*
 * X(name, exit code, how the end is called, cause of the next boot). Every other exit code, and death by a signal, is a panic.
 * The codes keep clear of those that shells, sanitizers and libraries use.
 */
#define QLV_ENDINGS(X)                                           \
    X(SOFTWARE_RESET, 80, "software-reset", "software-reset")    \
    X(WATCHDOG, 81, "watchdog", "watchdog")                      \
    X(POWER_DOWN, 82, "power-down", "power-key")                 \
    X(DOWNLOAD, 83, "download", "software-reset")

#define QLV_ENDING_CODE(name, code, ending, cause) QLV_EXIT_##name = code,
enum qlv_exit { QLV_ENDINGS(QLV_ENDING_CODE) QLV_EXIT_TABLE_END };
#undef QLV_ENDING_CODE

/* Boot causes that no exit code leads to. */
#define QLV_CAUSE_POWER_KEY "power-key"
#define QLV_CAUSE_PIN_RESET "pin-reset"
#define QLV_CAUSE_PANIC "panic"

#endif
