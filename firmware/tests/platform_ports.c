/* The serial ports over a PTY: nothing lost, nothing blocked, whatever the host does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#include "ports.h"
#include "pty.h"
#include "ql_api_osi.h"
#include "ql_uart.h"
#include "uptime.h"

#define NMEA 8
#define VOLUME 200000u

static ql_sem_t received;
static ql_sem_t sent;
static struct qlv_pty pty;

static void on_port(uint32 ind_type, ql_uart_port_number_e port, uint32 size)
{
    (void)size;
    if (port == QL_USB_PORT_NMEA && ind_type == QUEC_UART_RX_RECV_DATA_IND)
        ql_rtos_semaphore_release(received);
    if (port == QL_USB_PORT_NMEA && ind_type == QUEC_UART_TX_FIFO_COMPLETE_IND)
        ql_rtos_semaphore_release(sent);
}

static unsigned char pattern(uint32 index)
{
    return (unsigned char)(index * 31u + (index >> 8));
}

static int open_host(void)
{
    const int host = open(pty.name, O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    assert_true(host >= 0);
    return host;
}

static bool is_ready(int host, short events)
{
    struct pollfd wait = {.fd = host, .events = events};
    return poll(&wait, 1, 10000) == 1;
}

static void every_byte_for_the_host_arrives_in_order_through_small_buffers(void **state)
{
    (void)state;
    const int host = open_host();
    uint32 written = 0;
    uint32 read_back = 0;
    while (read_back < VOLUME) {
        unsigned char bytes[1500];
        uint32 count = 0;
        while (count < sizeof bytes && written + count < VOLUME) {
            bytes[count] = pattern(written + count);
            count++;
        }
        const int put = ql_uart_write(QL_USB_PORT_NMEA, bytes, count);
        assert_true(put >= 0);
        written += (uint32)put;
        assert_true(is_ready(host, POLLIN));
        const ssize_t got = read(host, bytes, sizeof bytes);
        assert_true(got > 0);
        for (ssize_t i = 0; i < got; i++)
            assert_int_equal(bytes[i], pattern(read_back + (uint32)i));
        read_back += (uint32)got;
    }
    close(host);
}

static void every_byte_from_the_host_arrives_in_order_though_the_buffer_is_small(void **state)
{
    (void)state;
    const int host = open_host();
    uint32 written = 0;
    uint32 read_back = 0;
    while (read_back < VOLUME) {
        unsigned char bytes[1500];
        uint32 count = 0;
        while (count < sizeof bytes && written + count < VOLUME) {
            bytes[count] = pattern(written + count);
            count++;
        }
        const ssize_t put = write(host, bytes, count);
        assert_true(put >= 0 || errno == EAGAIN);
        written += put > 0 ? (uint32)put : 0;
        if (ql_uart_read_aviable(QL_USB_PORT_NMEA) == 0)
            assert_int_equal(ql_rtos_semaphore_wait(received, 10000), QL_OSI_SUCCESS);
        const int got = ql_uart_read(QL_USB_PORT_NMEA, bytes, 700);
        assert_true(got >= 0);
        for (int i = 0; i < got; i++)
            assert_int_equal(bytes[i], pattern(read_back + (uint32)i));
        read_back += (uint32)got;
    }
    close(host);
}

static void a_host_that_reads_nothing_makes_writes_partial_and_never_blocks_them(void **state)
{
    (void)state;
    unsigned char bytes[1024] = {0};
    unsigned char drained[4096];
    const int host = open_host();
    uint32 accepted = 0;
    /* The port's buffer and the kernel's are full at some point, and from then on a write takes nothing. */
    bool is_full = false;
    while (!is_full) {
        struct pollfd kernel = {.fd = pty.master, .events = POLLOUT};
        const bool is_kernel_full = poll(&kernel, 1, 0) == 0;
        const int put = ql_uart_write(QL_USB_PORT_NMEA, bytes, sizeof bytes);
        assert_in_range(put, 0, (int)sizeof bytes);
        accepted += (uint32)put;
        is_full = is_kernel_full && put == 0;
        ql_rtos_task_yield();
        assert_true(accepted < 1000000);
    }
    assert_int_equal(ql_uart_write_aviable(QL_USB_PORT_NMEA), 0);
    while (accepted > 0) {
        assert_true(is_ready(host, POLLIN));
        const ssize_t got = read(host, drained, sizeof drained);
        assert_true(got > 0);
        accepted -= (uint32)got;
    }
    close(host);
}

static void the_end_of_a_transmission_is_indicated(void **state)
{
    (void)state;
    unsigned char bytes[] = "last words";
    while (ql_rtos_semaphore_wait(sent, QL_NO_WAIT) == QL_OSI_SUCCESS) {
    }
    assert_int_equal(ql_uart_write(QL_USB_PORT_NMEA, bytes, sizeof bytes), sizeof bytes);
    assert_int_equal(ql_rtos_semaphore_wait(sent, 10000), QL_OSI_SUCCESS);
    const int host = open_host();
    assert_int_equal(tcflush(host, TCIFLUSH), 0);
    close(host);
}

static void draining_waits_for_the_host_but_not_for_ever(void **state)
{
    (void)state;
    unsigned char bytes[] = "unread";
    char read_back[64];
    assert_int_equal(ql_uart_write(QL_USB_PORT_NMEA, bytes, 6), 6);
    const int64_t before = ql_rtos_up_time_ms();
    qlv_ports_drain(50);
    assert_true(ql_rtos_up_time_ms() - before >= 50);
    const int host = open_host();
    assert_int_equal(read(host, read_back, sizeof read_back), 6);
    qlv_ports_drain(QL_WAIT_FOREVER);
    close(host);
}

static void a_port_that_is_not_open_leaves_bytes_with_the_host_until_it_is(void **state)
{
    (void)state;
    unsigned char bytes[16];
    const int host = open_host();
    assert_int_equal(ql_uart_close(QL_USB_PORT_NMEA), QL_UART_SUCCESS);
    assert_int_equal(write(host, "early", 5), 5);
    assert_int_equal(ql_uart_read(QL_USB_PORT_NMEA, bytes, sizeof bytes), QL_UART_NOT_OPEN_ERR);
    assert_int_equal(ql_uart_write(QL_USB_PORT_NMEA, bytes, 1), QL_UART_NOT_OPEN_ERR);
    while (ql_rtos_semaphore_wait(received, QL_NO_WAIT) == QL_OSI_SUCCESS) {
    }
    assert_int_equal(ql_uart_register_cb(QL_USB_PORT_NMEA, on_port), QL_UART_SUCCESS);
    assert_int_equal(ql_uart_open(QL_USB_PORT_NMEA), QL_UART_SUCCESS);
    assert_int_equal(ql_rtos_semaphore_wait(received, 10000), QL_OSI_SUCCESS);
    assert_int_equal(ql_uart_read(QL_USB_PORT_NMEA, bytes, sizeof bytes), 5);
    assert_memory_equal(bytes, "early", 5);
    close(host);
}

static void a_pulled_cable_hangs_up_the_host_and_a_new_one_works(void **state)
{
    (void)state;
    unsigned char bytes[16];
    const int host = open_host();
    qlv_ports_unplug();
    assert_true(is_ready(host, POLLIN));
    assert_true(read(host, bytes, sizeof bytes) <= 0);
    close(host);
    /* Kept for the next cable, as a USB endpoint keeps its buffer. */
    assert_int_equal(ql_uart_write(QL_USB_PORT_NMEA, (unsigned char *)(uintptr_t) "kept", 4), 4);
    assert_true(qlv_pty_open(&pty));
    assert_true(qlv_ports_plug(NMEA, pty.master));
    const int again = open_host();
    assert_true(is_ready(again, POLLIN));
    assert_int_equal(read(again, bytes, sizeof bytes), 4);
    close(again);
}

static void unknown_ports_and_arguments_are_refused(void **state)
{
    (void)state;
    unsigned char byte = 0;
    assert_true(ql_uart_open(QL_UART_PORT_1) != QL_UART_SUCCESS);
    assert_true(ql_uart_open(QL_USB_PORT_NMEA) != QL_UART_SUCCESS);
    assert_true(ql_uart_write(QL_PORT_MAX, &byte, 1) < 0);
    assert_true(ql_uart_write(QL_USB_PORT_NMEA, NULL, 1) < 0);
    assert_true(ql_uart_read(QL_USB_PORT_NMEA, NULL, 1) < 0);
    assert_true(ql_uart_register_cb(QL_UART_PORT_NONE, on_port) != QL_UART_SUCCESS);
    assert_false(qlv_ports_plug(99, 0));
}

static int make(void **state)
{
    (void)state;
    qlv_uptime_start();
    if (ql_rtos_semaphore_create(&received, 0) != QL_OSI_SUCCESS || ql_rtos_semaphore_create(&sent, 0) != QL_OSI_SUCCESS ||
        !qlv_pty_open(&pty))
        return -1;
    qlv_ports_start();
    (void)ql_uart_register_cb(QL_USB_PORT_NMEA, on_port);
    return qlv_ports_plug(NMEA, pty.master) && ql_uart_open(QL_USB_PORT_NMEA) == QL_UART_SUCCESS ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_byte_for_the_host_arrives_in_order_through_small_buffers),
        cmocka_unit_test(every_byte_from_the_host_arrives_in_order_though_the_buffer_is_small),
        cmocka_unit_test(a_host_that_reads_nothing_makes_writes_partial_and_never_blocks_them),
        cmocka_unit_test(the_end_of_a_transmission_is_indicated),
        cmocka_unit_test(draining_waits_for_the_host_but_not_for_ever),
        cmocka_unit_test(a_port_that_is_not_open_leaves_bytes_with_the_host_until_it_is),
        cmocka_unit_test(a_pulled_cable_hangs_up_the_host_and_a_new_one_works),
        cmocka_unit_test(unknown_ports_and_arguments_are_refused),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
