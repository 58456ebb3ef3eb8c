/* The firmware's side of the process: what the SDK's start-up does before and around the application. */
#include "firmware_main.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "application.h"
#include "at_task.h"
#include "call_listeners.h"
#include "control.h"
#include "dog.h"
#include "heap.h"
#include "module.h"
#include "ports.h"
#include "ql_api_dev.h"
#include "qlv_env.h"
#include "qlv_exit.h"
#include "ufs.h"
#include "uptime.h"

__attribute__((noreturn)) static void refuse(const char *what, const char *why)
{
    fprintf(stderr, "firmware: %s: %s\n", what, why);
    exit(1);
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL)
        refuse(name, "not set; this process is started by the supervisor");
    return value;
}

static struct qlv_settings read_settings(const char *lines)
{
    struct qlv_settings settings;
    qlv_settings_default(&settings);
    while (*lines != '\0') {
        char line[256];
        char why[256];
        const size_t width = strcspn(lines, "\n");
        snprintf(line, sizeof line, "%.*s", (int)width, lines);
        if (!qlv_settings_assign(&settings, line, why, sizeof why))
            refuse(line, why);
        lines += width + (lines[width] == '\n' ? 1 : 0);
    }
    return settings;
}

/* "2:5,8:6", or nothing while the cable is out. */
static void plug_ports(const char *list)
{
    while (*list != '\0') {
        char *end = NULL;
        const long interface_number = strtol(list, &end, 10);
        if (*end != ':')
            refuse(QLV_ENV_PORTS, list);
        const long fd = strtol(end + 1, &end, 10);
        if (!qlv_ports_plug((int)interface_number, (int)fd))
            refuse(QLV_ENV_PORTS, list);
        list = *end == ',' ? end + 1 : end;
    }
}

void qlv_firmware_main(void)
{
    char ufs[4096];
    const struct qlv_settings settings = read_settings(variable(QLV_ENV_SETTINGS));
    /* A module has no such signal; its socket calls fail instead. */
    (void)signal(SIGPIPE, SIG_IGN);
    qlv_uptime_start();
    snprintf(ufs, sizeof ufs, "%s/ufs", variable(QLV_ENV_DIR));
    qlv_ufs_start(ufs);
    qlv_module_start(&settings, variable(QLV_ENV_BOOT_CAUSE));
    qlv_call_listeners_start();
    qlv_dog_start((uint32_t)settings.watchdog_timeout_ms);
    qlv_control_start((int)strtol(variable(QLV_ENV_CONTROL_FD), NULL, 10));
    qlv_ports_start();
    plug_ports(variable(QLV_ENV_PORTS));
    qlv_ports_set_deaf((enum qlv_deafness)settings.deaf);
    qlv_control_serve();
    qlv_at_start();
    qlv_heap_start();
    (void)ql_dev_cfg_wdt((uint8_t)settings.watchdog_enabled);
    ql_mqtt_hil_app_init();
    for (;;)
        (void)pause();
}
