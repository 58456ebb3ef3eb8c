/*
 * Serial ports over PTY masters.
 *
 * One slave end of each PTY stays open here: without it, a host that closes its end would leave the master in a hung-up state,
 * and the raw mode would go with the last slave.
 */
#include "ports.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "control.h"
#include "interfaces.h"
#include "ql_api_osi.h"
#include "ql_uart.h"
#include "ring.h"

/* Buffer sizes of the real ports. */
#define RX_BYTES 6144
#define TX_BYTES 4096
#define STEP_BYTES 1024
#define DRAIN_LOOK_MS 5u
/* Bytes on their way through the kernel are seen by neither end for a moment. */
#define DRAIN_LOOKS 3

struct port {
    int interface_number;
    ql_uart_port_number_e number;
    int master;
    int slave;
    bool is_open;
    ql_uart_callback callback;
    struct qlv_ring rx;
    struct qlv_ring tx;
    unsigned char rx_room[RX_BYTES];
    unsigned char tx_room[TX_BYTES];
};

static struct port ports[QLV_INTERFACE_COUNT];
static const ql_uart_port_number_e numbers[QLV_INTERFACE_COUNT] = {
    [QLV_INTERFACE_AT] = QL_USB_PORT_AT,
    [QLV_INTERFACE_DIAG] = QL_UART_PORT_NONE,
    [QLV_INTERFACE_MODEM] = QL_USB_PORT_MODEM,
    [QLV_INTERFACE_NMEA] = QL_USB_PORT_NMEA,
};
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static int wake_fd = -1;
static bool host_was_heard;
static enum qlv_deafness deafness;
/* Tells of openings while somebody waits for one; else -1. */
static int openings_fd = -1;

static void wake(void)
{
    const uint64_t one = 1;
    if (wake_fd >= 0)
        (void)!write(wake_fd, &one, sizeof one);
}

/* write(2) and the like are cancellation points: no task may be deleted while it holds the lock. */
static int enter(void)
{
    int before = 0;
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    pthread_mutex_lock(&lock);
    return before;
}

static void leave(int before)
{
    pthread_mutex_unlock(&lock);
    pthread_setcancelstate(before, NULL);
}

static bool is_silent(const struct port *port)
{
    return port->number == QL_UART_PORT_NONE;
}

/* What a port has to tell its callback once the lock is given up. */
struct tidings {
    ql_uart_callback callback;
    ql_uart_port_number_e number;
    uint32 received;
    bool is_sent;
};

static void pull(struct port *port)
{
    if (port->master >= 0)
        close(port->master);
    if (port->slave >= 0)
        close(port->slave);
    port->master = port->slave = -1;
    qlv_ring_drop(&port->rx, port->rx.used);
    qlv_ring_drop(&port->tx, port->tx.used);
}

static void take_in(struct port *port, struct tidings *tidings)
{
    unsigned char bytes[STEP_BYTES];
    const size_t room = is_silent(port) ? sizeof bytes : port->rx.size - port->rx.used;
    const ssize_t got = read(port->master, bytes, room < sizeof bytes ? room : sizeof bytes);
    if (got <= 0)
        return;
    host_was_heard = true;
    if (is_silent(port))
        return;
    (void)qlv_ring_put(&port->rx, bytes, (size_t)got);
    tidings->received = (uint32)port->rx.used;
}

static void give_out(struct port *port, struct tidings *tidings)
{
    unsigned char bytes[STEP_BYTES];
    const size_t count = qlv_ring_peek(&port->tx, bytes, sizeof bytes);
    const ssize_t put = write(port->master, bytes, count);
    if (put <= 0)
        return;
    qlv_ring_drop(&port->tx, (size_t)put);
    tidings->is_sent = port->tx.used == 0;
}

static bool is_of_application(const struct port *port)
{
    return port->number == QL_USB_PORT_MODEM || port->number == QL_USB_PORT_NMEA;
}

static bool is_deaf(const struct port *port)
{
    return deafness != QLV_HEARS && (deafness != QLV_DEAF_APPLICATION || is_of_application(port));
}

/* A port that nobody opened leaves its bytes with the host, as an endpoint without a buffer does. */
static short wanted(const struct port *port)
{
    if (is_deaf(port))
        return 0;
    const bool takes = is_silent(port) || (port->is_open && port->rx.used < port->rx.size);
    return (short)((takes ? POLLIN : 0) | (port->tx.used > 0 ? POLLOUT : 0));
}

static void tell(const struct tidings *tidings)
{
    if (tidings->callback == NULL)
        return;
    if (tidings->received > 0)
        tidings->callback(QUEC_UART_RX_RECV_DATA_IND, tidings->number, tidings->received);
    if (tidings->is_sent)
        tidings->callback(QUEC_UART_TX_FIFO_COMPLETE_IND, tidings->number, 0);
}

static void serve(struct port *port, short ready, int master)
{
    struct tidings tidings = {0};
    pthread_mutex_lock(&lock);
    /* Since poll looked, the cable may have been pulled and another plugged in, or the port closed. */
    if (port->master == master && master >= 0) {
        const short due = (short)(ready & wanted(port));
        if ((due & POLLIN) != 0)
            take_in(port, &tidings);
        if ((due & POLLOUT) != 0)
            give_out(port, &tidings);
        tidings.callback = port->is_open ? port->callback : NULL;
        tidings.number = port->number;
    }
    pthread_mutex_unlock(&lock);
    tell(&tidings);
}

static void watch_openings(void)
{
    char name[64];
    openings_fd = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    for (int i = 0; i < QLV_INTERFACE_COUNT; i++) {
        if (is_of_application(&ports[i]) && ports[i].master >= 0 && ptsname_r(ports[i].master, name, sizeof name) == 0)
            (void)inotify_add_watch(openings_fd, name, IN_OPEN);
    }
}

static void stop_watching_openings(void)
{
    if (openings_fd >= 0)
        close(openings_fd);
    openings_fd = -1;
}

void qlv_ports_set_deaf(enum qlv_deafness wanted_deafness)
{
    const int before = enter();
    stop_watching_openings();
    deafness = wanted_deafness;
    if (deafness == QLV_DEAF_UNTIL_OPENED)
        watch_openings();
    leave(before);
    wake();
}

static void tell_supervisor_once(void)
{
    static bool is_told;
    if (host_was_heard && !is_told) {
        is_told = true;
        qlv_control_heard();
    }
}

static void move_bytes(void *unused)
{
    (void)unused;
    for (;;) {
        struct pollfd waits[QLV_INTERFACE_COUNT + 2] = {0};
        pthread_mutex_lock(&lock);
        for (int i = 0; i < QLV_INTERFACE_COUNT; i++) {
            waits[i].events = wanted(&ports[i]);
            /* POLLHUP can't be masked: a port that wants nothing isn't watched. */
            waits[i].fd = waits[i].events != 0 ? ports[i].master : -1;
        }
        waits[QLV_INTERFACE_COUNT + 1] = (struct pollfd){.fd = openings_fd, .events = POLLIN};
        pthread_mutex_unlock(&lock);
        waits[QLV_INTERFACE_COUNT] = (struct pollfd){.fd = wake_fd, .events = POLLIN};
        if (poll(waits, QLV_INTERFACE_COUNT + 2, -1) < 0)
            continue;
        uint64_t count = 0;
        if (waits[QLV_INTERFACE_COUNT].revents != 0)
            (void)!read(wake_fd, &count, sizeof count);
        if ((waits[QLV_INTERFACE_COUNT + 1].revents & POLLIN) != 0)
            qlv_ports_set_deaf(QLV_HEARS);
        for (int i = 0; i < QLV_INTERFACE_COUNT; i++)
            serve(&ports[i], waits[i].revents, waits[i].fd);
        tell_supervisor_once();
    }
}

void qlv_ports_start(void)
{
    static const int interface_numbers[] = {
#define NUMBER_OF(name, number) number,
        QLV_INTERFACES(NUMBER_OF)
#undef NUMBER_OF
    };
    for (int i = 0; i < QLV_INTERFACE_COUNT; i++) {
        ports[i].interface_number = interface_numbers[i];
        ports[i].number = numbers[i];
        ports[i].master = ports[i].slave = -1;
        ports[i].rx = (struct qlv_ring){.room = ports[i].rx_room, .size = RX_BYTES};
        ports[i].tx = (struct qlv_ring){.room = ports[i].tx_room, .size = TX_BYTES};
    }
    wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    ql_task_t task;
    (void)ql_rtos_task_create(&task, 8192, APP_PRIORITY_REALTIME, "qlv_usb", move_bytes, NULL, 0);
}

bool qlv_ports_plug(int interface_number, int master)
{
    char name[64];
    struct port *port = NULL;
    for (int i = 0; i < QLV_INTERFACE_COUNT; i++) {
        if (ports[i].interface_number == interface_number)
            port = &ports[i];
    }
    if (port == NULL || ptsname_r(master, name, sizeof name) != 0)
        return false;
    const int slave = open(name, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (slave < 0 || fcntl(master, F_SETFL, O_RDWR | O_NONBLOCK) != 0)
        return false;
    (void)fcntl(master, F_SETFD, FD_CLOEXEC);
    const int before = enter();
    if (port->master >= 0)
        pull(port);
    port->master = master;
    port->slave = slave;
    leave(before);
    wake();
    return true;
}

void qlv_ports_unplug(void)
{
    const int before = enter();
    for (int i = 0; i < QLV_INTERFACE_COUNT; i++)
        pull(&ports[i]);
    leave(before);
    wake();
}

/* Bytes that are in our buffer or in the kernel's, unread by the host. */
static bool is_drained(void)
{
    bool drained = true;
    for (int i = 0; i < QLV_INTERFACE_COUNT; i++) {
        int unread = 0;
        if (ports[i].slave >= 0 && ioctl(ports[i].slave, FIONREAD, &unread) == 0 && (unread > 0 || ports[i].tx.used > 0))
            drained = false;
    }
    return drained;
}

void qlv_ports_drain(uint32_t timeout_ms)
{
    const int64_t end = ql_rtos_up_time_ms() + timeout_ms;
    for (int looks = 0; looks < DRAIN_LOOKS && ql_rtos_up_time_ms() < end;) {
        const int before = enter();
        looks = is_drained() ? looks + 1 : 0;
        leave(before);
        /* The kernel has no event for "the other side has read". */
        ql_rtos_task_sleep_ms(DRAIN_LOOK_MS);
    }
}

static struct port *find(ql_uart_port_number_e number)
{
    for (int i = 0; i < QLV_INTERFACE_COUNT; i++) {
        if (number != QL_UART_PORT_NONE && ports[i].number == number)
            return &ports[i];
    }
    return NULL;
}

ql_uart_errcode_e ql_uart_set_dcbconfig(ql_uart_port_number_e number, ql_uart_config_s *config)
{
    return config != NULL && find(number) != NULL ? QL_UART_SUCCESS : QL_UART_INVALID_PARAM_ERR;
}

ql_uart_errcode_e ql_uart_open(ql_uart_port_number_e number)
{
    struct port *port = find(number);
    if (port == NULL)
        return QL_UART_INVALID_PARAM_ERR;
    const int before = enter();
    const bool was_open = port->is_open;
    port->is_open = true;
    leave(before);
    wake();
    return was_open ? QL_UART_OPEN_REPEAT_ERR : QL_UART_SUCCESS;
}

ql_uart_errcode_e ql_uart_close(ql_uart_port_number_e number)
{
    struct port *port = find(number);
    if (port == NULL)
        return QL_UART_INVALID_PARAM_ERR;
    const int before = enter();
    const bool was_open = port->is_open;
    port->is_open = false;
    port->callback = NULL;
    qlv_ring_drop(&port->rx, port->rx.used);
    leave(before);
    return was_open ? QL_UART_SUCCESS : QL_UART_NOT_OPEN_ERR;
}

ql_uart_errcode_e ql_uart_register_cb(ql_uart_port_number_e number, ql_uart_callback callback)
{
    struct port *port = find(number);
    if (port == NULL)
        return QL_UART_INVALID_PARAM_ERR;
    const int before = enter();
    port->callback = callback;
    leave(before);
    return QL_UART_SUCCESS;
}

int ql_uart_write(ql_uart_port_number_e number, unsigned char *bytes, unsigned int count)
{
    struct port *port = find(number);
    if (port == NULL || bytes == NULL)
        return QL_UART_INVALID_PARAM_ERR;
    const int before = enter();
    const int put = port->is_open ? (int)qlv_ring_put(&port->tx, bytes, count) : QL_UART_NOT_OPEN_ERR;
    leave(before);
    wake();
    return put;
}

int ql_uart_read(ql_uart_port_number_e number, unsigned char *bytes, unsigned int room)
{
    struct port *port = find(number);
    if (port == NULL || bytes == NULL)
        return QL_UART_INVALID_PARAM_ERR;
    const int before = enter();
    const bool was_full = port->rx.used == port->rx.size;
    const int got = port->is_open ? (int)qlv_ring_take(&port->rx, bytes, room) : QL_UART_NOT_OPEN_ERR;
    leave(before);
    if (was_full)
        wake();
    return got;
}

int ql_uart_read_aviable(ql_uart_port_number_e number)
{
    struct port *port = find(number);
    if (port == NULL)
        return QL_UART_INVALID_PARAM_ERR;
    const int before = enter();
    const int there = port->is_open ? (int)port->rx.used : QL_UART_NOT_OPEN_ERR;
    leave(before);
    return there;
}

int ql_uart_write_aviable(ql_uart_port_number_e number)
{
    struct port *port = find(number);
    if (port == NULL)
        return QL_UART_INVALID_PARAM_ERR;
    const int before = enter();
    const int room = port->is_open ? (int)(port->tx.size - port->tx.used) : QL_UART_NOT_OPEN_ERR;
    leave(before);
    return room;
}
