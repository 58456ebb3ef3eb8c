/*
 * A tiny application for tests of the platform: echoes lines on the NMEA port, and dies in every way on demand.
 *
 * "cause" tells the boot cause, "abort", "reset", "off" and "starve" end the boot; every other line comes back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ql_api_dev.h"
#include "ql_api_osi.h"
#include "ql_power.h"
#include "ql_uart.h"

void ql_mqtt_hil_app_init(void);

static ql_sem_t arrived;
static volatile bool is_fed = true;

static void on_port(uint32 ind_type, ql_uart_port_number_e port, uint32 size)
{
    (void)ind_type;
    (void)port;
    (void)size;
    ql_rtos_semaphore_release(arrived);
}

static void say(const char *text)
{
    unsigned char bytes[512];
    unsigned int left = (unsigned int)snprintf((char *)bytes, sizeof bytes, "%s\n", text);
    unsigned char *at = bytes;
    while (left > 0) {
        const int put = ql_uart_write(QL_USB_PORT_NMEA, at, left);
        if (put < 0)
            return;
        if (put == 0)
            ql_rtos_semaphore_wait(arrived, 100);
        at += put;
        left -= (unsigned int)put;
    }
}

static void obey(const char *line)
{
    char text[32];
    uint8_t reason = 0;
    if (strcmp(line, "abort") == 0)
        abort();
    if (strcmp(line, "reset") == 0)
        ql_power_reset(RESET_NORMAL);
    if (strcmp(line, "off") == 0)
        ql_power_down(POWD_NORMAL);
    if (strcmp(line, "starve") == 0)
        is_fed = false;
    if (strcmp(line, "cause") == 0) {
        (void)ql_get_powerup_reason(&reason);
        snprintf(text, sizeof text, "cause %u", (unsigned)reason);
        line = text;
    }
    say(line);
}

static void echo(void *unused)
{
    (void)unused;
    char line[256];
    size_t length = 0;
    for (;;) {
        unsigned char byte = 0;
        (void)ql_rtos_semaphore_wait(arrived, 20);
        if (is_fed)
            ql_rtos_feed_dog();
        while (ql_uart_read(QL_USB_PORT_NMEA, &byte, 1) == 1) {
            if (byte == '\n') {
                line[length] = '\0';
                length = 0;
                obey(line);
            } else if (length + 1 < sizeof line) {
                line[length++] = (char)byte;
            }
        }
    }
}

void ql_mqtt_hil_app_init(void)
{
    ql_task_t task;
    /* A firmware that never comes up, for the boot loop's test. */
    if (getenv("ECHO_APP_DIES") != NULL)
        abort();
    (void)ql_rtos_semaphore_create(&arrived, 0);
    (void)ql_uart_register_cb(QL_USB_PORT_NMEA, on_port);
    (void)ql_uart_open(QL_USB_PORT_NMEA);
    (void)ql_rtos_task_create(&task, 8192, APP_PRIORITY_NORMAL, "echo", echo, NULL, 0);
}
