#include "control.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "control_message.h"
#include "module.h"
#include "ports.h"
#include "ql_api_osi.h"
#include "qlv_exit.h"

static int control_fd = -1;

static bool set(const char *assignment, char *why, size_t why_bytes)
{
    char key[64];
    const size_t width = strcspn(assignment, "=");
    if (assignment[width] != '=' || width >= sizeof key) {
        snprintf(why, why_bytes, "not key=value");
        return false;
    }
    memcpy(key, assignment, width);
    key[width] = '\0';
    if (!qlv_module_set(key, assignment + width + 1, why, why_bytes))
        return false;
    if (strcmp(key, "deaf") == 0)
        qlv_ports_set_deaf((enum qlv_deafness)qlv_module_settings().deaf);
    return true;
}

/* `list` numbers the interfaces in the order of the descriptors. */
static bool plug(const char *list, const int *fds, size_t fd_count, char *why, size_t why_bytes)
{
    for (size_t i = 0; i < fd_count; i++) {
        char *end = NULL;
        const long number = strtol(list, &end, 10);
        if (end == list || !qlv_ports_plug((int)number, fds[i])) {
            snprintf(why, why_bytes, "no such interface: %s", list);
            return false;
        }
        list = *end == ',' ? end + 1 : end;
    }
    return true;
}

static bool obey(const char *text, const int *fds, size_t fd_count, char *why, size_t why_bytes)
{
    if (strncmp(text, "set ", 4) == 0)
        return set(text + 4, why, why_bytes);
    if (strncmp(text, "plug ", 5) == 0)
        return plug(text + 5, fds, fd_count, why, why_bytes);
    if (strcmp(text, "unplug") == 0) {
        qlv_ports_unplug();
        return true;
    }
    snprintf(why, why_bytes, "unknown message");
    return false;
}

static void serve(void *unused)
{
    (void)unused;
    char text[QLV_MESSAGE_BYTES + 1];
    int fds[QLV_MESSAGE_FDS];
    size_t fd_count = 0;
    while (qlv_message_receive(control_fd, text, fds, &fd_count) > 0) {
        char why[256] = "";
        char answer[QLV_MESSAGE_BYTES];
        const bool done = obey(text, fds, fd_count, why, sizeof why);
        snprintf(answer, sizeof answer, "%s%s", done ? "ok" : "error ", why);
        (void)qlv_message_send(control_fd, answer, NULL, 0);
    }
    /* Nobody is left who could start another boot. */
    _exit(QLV_EXIT_POWER_DOWN);
}

void qlv_control_start(int fd)
{
    control_fd = fd;
}

void qlv_control_serve(void)
{
    ql_task_t task;
    (void)ql_rtos_task_create(&task, 16384, APP_PRIORITY_HIGH, "qlv_control", serve, NULL, 0);
}

void qlv_control_keep(const char *key, const char *value)
{
    char text[QLV_MESSAGE_BYTES];
    const int length = snprintf(text, sizeof text, "keep %s=%s", key, value);
    if (control_fd >= 0 && length > 0 && (size_t)length < sizeof text)
        (void)qlv_message_send(control_fd, text, NULL, 0);
}

void qlv_control_heard(void)
{
    if (control_fd >= 0)
        (void)qlv_message_send(control_fd, "heard", NULL, 0);
}
