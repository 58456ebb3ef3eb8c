/* The AT task: one interpreter for the USB AT port and the ten virtual ports. */
#include "at_task.h"

#include <pthread.h>
#include <string.h>

#include "at_session.h"
#include "power.h"
#include "ql_api_osi.h"
#include "ql_api_virt_at.h"
#include "ql_power.h"
#include "ql_uart.h"
#include "ring.h"

#define ROOM_BYTES 4096

struct virtual_port {
    bool is_open;
    ql_virt_at_callback callback;
    struct qlv_at_session session;
    struct qlv_ring in;
    struct qlv_ring out;
    unsigned char in_room[ROOM_BYTES];
    unsigned char out_room[ROOM_BYTES];
};

static struct virtual_port virtual_ports[QL_VIRT_AT_PORT_MAX];
static struct qlv_at_session usb_session;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* Released when any port has something to read. */
static ql_sem_t work;
/* Released when the USB port has taken what was written. */
static ql_sem_t usb_room;

static void end_boot(enum qlv_at_end end)
{
    if (end == QLV_AT_RESET)
        qlv_power_end(QLV_EXIT_SOFTWARE_RESET);
    if (end == QLV_AT_POWER_DOWN)
        qlv_power_end(QLV_EXIT_POWER_DOWN);
    if (end == QLV_AT_DOWNLOAD)
        qlv_power_end(QLV_EXIT_DOWNLOAD);
}

/* A host that reads nothing loses answers after a second, rather than stopping the AT task for every other port. */
static void write_usb(void *unused, const char *bytes, size_t count)
{
    (void)unused;
    while (count > 0) {
        unsigned char step[256];
        const size_t width = count < sizeof step ? count : sizeof step;
        memcpy(step, bytes, width);
        const int put = ql_uart_write(QL_USB_PORT_AT, step, (unsigned int)width);
        if (put < 0 || (put == 0 && ql_rtos_semaphore_wait(usb_room, 1000) != QL_OSI_SUCCESS))
            return;
        bytes += put;
        count -= (size_t)put;
    }
}

static void on_usb(uint32 ind_type, ql_uart_port_number_e port, uint32 size)
{
    (void)port;
    (void)size;
    (void)ql_rtos_semaphore_release(ind_type == QUEC_UART_TX_FIFO_COMPLETE_IND ? usb_room : work);
}

static void serve_usb(void)
{
    unsigned char bytes[256];
    for (int got = 1; got > 0;) {
        got = ql_uart_read(QL_USB_PORT_AT, bytes, sizeof bytes);
        if (got > 0)
            end_boot(qlv_at_feed(&usb_session, (const char *)bytes, (size_t)got));
    }
}

static void write_virtual(void *ctx, const char *bytes, size_t count)
{
    struct virtual_port *port = ctx;
    pthread_mutex_lock(&lock);
    (void)qlv_ring_put(&port->out, (const unsigned char *)bytes, count);
    pthread_mutex_unlock(&lock);
}

static void serve_virtual(struct virtual_port *port)
{
    unsigned char bytes[256];
    for (;;) {
        pthread_mutex_lock(&lock);
        const size_t got = port->is_open ? qlv_ring_take(&port->in, bytes, sizeof bytes) : 0;
        pthread_mutex_unlock(&lock);
        if (got == 0)
            return;
        const enum qlv_at_end end = qlv_at_feed(&port->session, (const char *)bytes, got);
        pthread_mutex_lock(&lock);
        ql_virt_at_callback callback = port->is_open ? port->callback : NULL;
        const uint32 waiting = (uint32)port->out.used;
        pthread_mutex_unlock(&lock);
        if (callback != NULL && waiting > 0)
            callback(QUEC_VIRT_AT_RX_RECV_DATA_IND, waiting);
        end_boot(end);
    }
}

static void serve(void *unused)
{
    (void)unused;
    while (ql_rtos_semaphore_wait(work, QL_WAIT_FOREVER) == QL_OSI_SUCCESS) {
        serve_usb();
        for (int i = 0; i < QL_VIRT_AT_PORT_MAX; i++)
            serve_virtual(&virtual_ports[i]);
    }
}

void qlv_at_start(void)
{
    ql_task_t task;
    (void)ql_rtos_semaphore_create(&work, 0);
    (void)ql_rtos_semaphore_create(&usb_room, 0);
    qlv_at_session_start(&usb_session, write_usb, NULL);
    (void)ql_uart_register_cb(QL_USB_PORT_AT, on_usb);
    (void)ql_uart_open(QL_USB_PORT_AT);
    (void)ql_rtos_task_create(&task, 16384, APP_PRIORITY_HIGH, "qlv_at", serve, NULL, 0);
}

static struct virtual_port *find(ql_virt_at_port_number_e number)
{
    return (unsigned int)number < QL_VIRT_AT_PORT_MAX ? &virtual_ports[number] : NULL;
}

ql_errcode_virt_at_e ql_virt_at_open(ql_virt_at_port_number_e number, ql_virt_at_callback callback)
{
    struct virtual_port *port = find(number);
    if (port == NULL || callback == NULL)
        return -1;
    pthread_mutex_lock(&lock);
    const bool was_open = port->is_open;
    if (!was_open) {
        port->is_open = true;
        port->callback = callback;
        port->in = (struct qlv_ring){.room = port->in_room, .size = ROOM_BYTES};
        port->out = (struct qlv_ring){.room = port->out_room, .size = ROOM_BYTES};
        qlv_at_session_start(&port->session, write_virtual, port);
    }
    pthread_mutex_unlock(&lock);
    return was_open ? -1 : QL_VIRT_AT_SUCCESS;
}

ql_errcode_virt_at_e ql_virt_at_close(ql_virt_at_port_number_e number)
{
    struct virtual_port *port = find(number);
    if (port == NULL)
        return -1;
    pthread_mutex_lock(&lock);
    const bool was_open = port->is_open;
    port->is_open = false;
    pthread_mutex_unlock(&lock);
    return was_open ? QL_VIRT_AT_SUCCESS : -1;
}

int ql_virt_at_read(ql_virt_at_port_number_e number, unsigned char *bytes, unsigned int room)
{
    struct virtual_port *port = find(number);
    if (port == NULL || bytes == NULL)
        return -1;
    pthread_mutex_lock(&lock);
    const int got = port->is_open ? (int)qlv_ring_take(&port->out, bytes, room) : -1;
    pthread_mutex_unlock(&lock);
    return got;
}

int ql_virt_at_write(ql_virt_at_port_number_e number, unsigned char *bytes, unsigned int count)
{
    struct virtual_port *port = find(number);
    if (port == NULL || bytes == NULL)
        return -1;
    pthread_mutex_lock(&lock);
    const int put = port->is_open ? (int)qlv_ring_put(&port->in, bytes, count) : -1;
    pthread_mutex_unlock(&lock);
    if (put > 0)
        (void)ql_rtos_semaphore_release(work);
    return put;
}
