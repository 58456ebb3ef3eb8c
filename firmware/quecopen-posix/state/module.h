/* The running module's state: the settings, and what firmware and network did since boot. Every function may be called from any task. */
#ifndef QLV_MODULE_H
#define QLV_MODULE_H

#include "ql_osi_def.h"
#include "settings.h"

#define QLV_PROFILES 7

/* What firmware can change until the next boot. */
struct qlv_radio {
    uint8_t fun; /* AT+CFUN: 0 minimum, 1 full, 4 flight mode */
    bool is_attached;
};

void qlv_module_start(const struct qlv_settings *settings, const char *boot_cause);

/* A copy: settings may change under the caller at any time. */
struct qlv_settings qlv_module_settings(void);
struct qlv_radio qlv_module_radio(void);
const char *qlv_module_boot_cause(void);

/* Sets one of the settings and lets the network react. */
bool qlv_module_set(const char *key, const char *value, char *why, size_t why_bytes);
void qlv_module_set_fun(uint8_t fun);
void qlv_module_set_attached(bool attached);

/* Registered: SIM ready, radio on, the network willing and the time to register over. */
bool qlv_module_is_registered(void);
/* +CREG <stat> as the network and the radio have it. */
int qlv_module_registration(void);
/* False once timeout_ms is over. */
bool qlv_module_wait_registered(uint32 timeout_ms);

/* Data calls, profiles 1..QLV_PROFILES. */
bool qlv_module_start_call(int profile);
bool qlv_module_stop_call(int profile);
bool qlv_module_call_is_up(int profile);

#endif
