#include "module.h"

#include <stdio.h>
#include <string.h>

#include "call_listeners.h"
#include "monitor.h"
#include "ql_api_nw.h"
#include "ql_api_osi.h"
#include "ql_api_sim.h"

static struct qlv_monitor monitor;
static struct qlv_settings settings;
static struct qlv_radio radio;
static char boot_cause[32];
static bool call_is_up[QLV_PROFILES + 1];

void qlv_module_start(const struct qlv_settings *initial, const char *cause)
{
    qlv_monitor_init(&monitor);
    settings = *initial;
    radio = (struct qlv_radio){.fun = 1, .is_attached = true};
    memset(call_is_up, 0, sizeof call_is_up);
    snprintf(boot_cause, sizeof boot_cause, "%s", cause);
}

struct qlv_settings qlv_module_settings(void)
{
    pthread_mutex_lock(&monitor.lock);
    struct qlv_settings copy = settings;
    pthread_mutex_unlock(&monitor.lock);
    return copy;
}

struct qlv_radio qlv_module_radio(void)
{
    pthread_mutex_lock(&monitor.lock);
    struct qlv_radio copy = radio;
    pthread_mutex_unlock(&monitor.lock);
    return copy;
}

const char *qlv_module_boot_cause(void)
{
    return boot_cause;
}

/* With the lock held, as everything called *_locked. */
static int registration_locked(void)
{
    if (radio.fun != 1 || !radio.is_attached || settings.sim != QL_SIM_STATUS_READY)
        return QL_NW_REG_STATE_NOT_REGISTERED;
    if (ql_rtos_up_time_ms() < settings.register_ms)
        return QL_NW_REG_STATE_TRYING_ATTACH_OR_SEARCHING;
    return settings.registration;
}

static bool is_registered_locked(void)
{
    const int state = registration_locked();
    return state == QL_NW_REG_STATE_HOME_NETWORK || state == QL_NW_REG_STATE_ROAMING;
}

/* Ends every data call that the network no longer carries; says which. */
static unsigned drop_calls_locked(void)
{
    unsigned lost = 0;
    const bool carried = is_registered_locked() && settings.datacall == 0;
    for (int profile = 1; profile <= QLV_PROFILES; profile++) {
        if (call_is_up[profile] && !carried) {
            call_is_up[profile] = false;
            lost |= 1u << profile;
        }
    }
    return lost;
}

/* Ends a change: the lock is given up before anybody is told. */
static void settle_and_unlock(void)
{
    const unsigned lost = drop_calls_locked();
    pthread_cond_broadcast(&monitor.changed);
    pthread_mutex_unlock(&monitor.lock);
    for (int profile = 1; profile <= QLV_PROFILES; profile++) {
        if ((lost & (1u << profile)) != 0)
            qlv_call_lost(profile, true);
    }
}

bool qlv_module_set(const char *key, const char *value, char *why, size_t why_bytes)
{
    pthread_mutex_lock(&monitor.lock);
    const bool done = qlv_settings_set(&settings, key, value, why, why_bytes);
    settle_and_unlock();
    return done;
}

void qlv_module_set_fun(uint8_t fun)
{
    pthread_mutex_lock(&monitor.lock);
    radio.fun = fun;
    settle_and_unlock();
}

void qlv_module_set_attached(bool attached)
{
    pthread_mutex_lock(&monitor.lock);
    radio.is_attached = attached;
    settle_and_unlock();
}

int qlv_module_registration(void)
{
    pthread_mutex_lock(&monitor.lock);
    const int state = registration_locked();
    pthread_mutex_unlock(&monitor.lock);
    return state;
}

bool qlv_module_is_registered(void)
{
    pthread_mutex_lock(&monitor.lock);
    const bool registered = is_registered_locked();
    pthread_mutex_unlock(&monitor.lock);
    return registered;
}

/* The time to the next change that no setting announces: the end of the registration. */
static uint32 time_to_look_locked(uint32 timeout_ms)
{
    const int64_t left = settings.register_ms - ql_rtos_up_time_ms();
    if (left <= 0 || (int64_t)timeout_ms < left)
        return timeout_ms;
    return (uint32)left;
}

bool qlv_module_wait_registered(uint32 timeout_ms)
{
    const int64_t end = ql_rtos_up_time_ms() + timeout_ms;
    bool registered = false;
    pthread_mutex_lock(&monitor.lock);
    pthread_cleanup_push(qlv_monitor_unlock, &monitor);
    for (;;) {
        registered = is_registered_locked();
        const int64_t left = end - ql_rtos_up_time_ms();
        if (registered || left <= 0)
            break;
        const struct qlv_deadline look = qlv_deadline_in(time_to_look_locked((uint32)left));
        (void)qlv_monitor_wait(&monitor, &look);
    }
    pthread_cleanup_pop(1);
    return registered;
}

static bool is_profile(int profile)
{
    return profile >= 1 && profile <= QLV_PROFILES;
}

bool qlv_module_start_call(int profile)
{
    if (!is_profile(profile))
        return false;
    pthread_mutex_lock(&monitor.lock);
    if (is_registered_locked() && settings.datacall == 0)
        call_is_up[profile] = true;
    const bool up = call_is_up[profile];
    pthread_mutex_unlock(&monitor.lock);
    return up;
}

bool qlv_module_stop_call(int profile)
{
    if (!is_profile(profile))
        return false;
    pthread_mutex_lock(&monitor.lock);
    const bool was_up = call_is_up[profile];
    call_is_up[profile] = false;
    pthread_mutex_unlock(&monitor.lock);
    if (was_up)
        qlv_call_lost(profile, false);
    return was_up;
}

bool qlv_module_call_is_up(int profile)
{
    if (!is_profile(profile))
        return false;
    pthread_mutex_lock(&monitor.lock);
    const bool up = call_is_up[profile];
    pthread_mutex_unlock(&monitor.lock);
    return up;
}
