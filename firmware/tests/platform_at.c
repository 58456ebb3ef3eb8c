/* The AT interpreter, and the virtual ports over it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "at_session.h"
#include "at_task.h"
#include "call_listeners.h"
#include "module.h"
#include "ports.h"
#include "ql_api_datacall.h"
#include "ql_api_osi.h"
#include "ql_api_virt_at.h"
#include "ql_uart.h"
#include "uptime.h"

static struct qlv_at_session session;
static char answer[8192];
static size_t answer_length;
static ql_sem_t told;

static void take(void *ctx, const char *bytes, size_t count)
{
    (void)ctx;
    assert_true(answer_length + count < sizeof answer);
    memcpy(answer + answer_length, bytes, count);
    answer_length += count;
    answer[answer_length] = '\0';
}

static enum qlv_at_end say(const char *text)
{
    answer_length = 0;
    answer[0] = '\0';
    return qlv_at_feed(&session, text, strlen(text));
}

static void set(const char *key, const char *value)
{
    char why[256] = "";
    if (!qlv_module_set(key, value, why, sizeof why))
        fail_msg("%s", why);
}

static int boot(void **state)
{
    (void)state;
    struct qlv_settings settings;
    qlv_settings_default(&settings);
    (void)snprintf(settings.revision, sizeof settings.revision, "EG500UCNABR03A02M08");
    qlv_uptime_start();
    qlv_module_start(&settings, "power-key");
    qlv_at_session_start(&session, take, NULL);
    (void)say("ATE0\r");
    return 0;
}

static void echo_comes_back_until_it_is_switched_off(void **state)
{
    (void)state;
    qlv_at_session_start(&session, take, NULL);
    (void)say("AT\r");
    assert_string_equal(answer, "AT\r\r\nOK\r\n");
    (void)say("ATE0\r");
    (void)say("AT\r");
    assert_string_equal(answer, "\r\nOK\r\n");
}

static void every_command_gives_its_answer(void **state)
{
    (void)state;
    static const struct {
        const char *command;
        const char *expected;
    } cases[] = {
        {"ATI\r", "\r\nQuectel\r\nEG500U\r\nRevision: EG500UCNABR03A02M08\r\n\r\nOK\r\n"},
        {"AT+CGMM\r", "\r\nEG500U\r\n\r\nOK\r\n"},
        {"AT+CGMR\r", "\r\n+CGMR: EG500UCNABR03A02M08\r\n\r\nOK\r\n"},
        {"AT+QGMR\r", "\r\nEG500UCNABR03A02M08\r\n\r\nOK\r\n"},
        {"AT+CGSN\r", "\r\n004999010640000\r\n\r\nOK\r\n"},
        {"AT+GSN\r", "\r\n004999010640000\r\n\r\nOK\r\n"},
        {"AT+CPIN?\r", "\r\n+CPIN: READY\r\n\r\nOK\r\n"},
        {"AT+CIMI\r", "\r\n460001234567890\r\n\r\nOK\r\n"},
        {"AT+QCCID\r", "\r\n+QCCID: 89860012345678901234\r\n\r\nOK\r\n"},
        {"AT+CSQ\r", "\r\n+CSQ: 24,99\r\n\r\nOK\r\n"},
        {"AT+CEREG?\r", "\r\n+CEREG: 2,1,\"1234\",\"00123456\",7\r\n\r\nOK\r\n"},
        {"AT+COPS?\r", "\r\n+COPS: 0,0,\"CHN-VIRTUAL\",7\r\n\r\nOK\r\n"},
        {"AT+CGATT?\r", "\r\n+CGATT: 1\r\n\r\nOK\r\n"},
        {"AT+CFUN?\r", "\r\n+CFUN: 1\r\n\r\nOK\r\n"},
        {"AT+CFUN=?\r", "\r\nOK\r\n"},
        {"AT+QMTCFG=?\r", "\r\nERROR\r\n"},
        {"AT+NONSENSE\r", "\r\nERROR\r\n"},
        {"AT+CSQ?\r", "\r\nERROR\r\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        (void)say(cases[i].command);
        assert_string_equal(answer, cases[i].expected);
    }
}

static void case_noise_line_feeds_and_chained_commands_are_borne(void **state)
{
    (void)state;
    (void)say("at+csq\r\n");
    assert_string_equal(answer, "\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
    (void)say("\xff\x80> AT\n");
    assert_string_equal(answer, "\r\nOK\r\n");
    (void)say("AT+CSQ;+CGATT?\r");
    assert_string_equal(answer, "\r\n+CSQ: 24,99\r\n\r\n+CGATT: 1\r\n\r\nOK\r\n");
    (void)say("AT+CSQ;+WRONG;+CGATT?\r");
    assert_string_equal(answer, "\r\n+CSQ: 24,99\r\n\r\nERROR\r\n");
    (void)say("\r\n\r\n");
    assert_string_equal(answer, "");
    (void)say("rubbish\r");
    assert_string_equal(answer, "\r\nERROR\r\n");
}

static void a_line_without_end_is_dropped_and_the_next_one_understood(void **state)
{
    (void)state;
    char line[2048];
    memset(line, 'A', sizeof line);
    line[sizeof line - 1] = '\0';
    (void)say(line);
    assert_string_equal(answer, "");
    (void)say("\r");
    assert_string_equal(answer, "\r\nERROR\r\n");
    (void)say("AT\r");
    assert_string_equal(answer, "\r\nOK\r\n");
}

static void bytes_of_any_kind_leave_the_interpreter_whole(void **state)
{
    (void)state;
    unsigned int random = 1;
    for (int i = 0; i < 20000; i++) {
        random = random * 1664525u + 1013904223u;
        const char byte = "AT+\r;=?\"CQFUND10,\xff "[(random >> 16) % 20];
        answer_length = 0;
        (void)qlv_at_feed(&session, &byte, 1);
    }
    (void)say("\r");
    (void)say("ATE0\r");
    (void)say("AT\r");
    assert_string_equal(answer, "\r\nOK\r\n");
}

static void errors_are_told_as_cmee_wants_them(void **state)
{
    (void)state;
    set("sim", "absent");
    (void)say("AT+CMEE=0\r");
    (void)say("AT+CPIN?\r");
    assert_string_equal(answer, "\r\nERROR\r\n");
    (void)say("AT+CMEE=1\r");
    (void)say("AT+CIMI\r");
    assert_string_equal(answer, "\r\n+CME ERROR: 10\r\n");
    (void)say("AT+CMEE=2\r");
    (void)say("AT+CPIN?\r");
    assert_string_equal(answer, "\r\n+CME ERROR: SIM not inserted\r\n");
    (void)say("AT+CMEE=3\r");
    assert_string_equal(answer, "\r\n+CME ERROR: incorrect parameters\r\n");
    set("sim", "pin");
    (void)say("AT+CPIN?\r");
    assert_string_equal(answer, "\r\n+CPIN: SIM PIN\r\n\r\nOK\r\n");
}

static void flight_mode_and_detach_end_the_data_call(void **state)
{
    (void)state;
    assert_int_equal(ql_start_data_call(0, 1, QL_PDP_TYPE_IP, NULL, NULL, NULL, 0), QL_DATACALL_SUCCESS);
    (void)say("AT+CGPADDR\r");
    assert_string_equal(answer, "\r\n+CGPADDR: 1,\"10.64.0.2\"\r\n\r\nOK\r\n");
    (void)say("AT+CFUN=4\r");
    assert_string_equal(answer, "\r\nOK\r\n");
    (void)say("AT+CGPADDR\r");
    assert_string_equal(answer, "\r\nOK\r\n");
    (void)say("AT+CSQ\r");
    assert_string_equal(answer, "\r\n+CSQ: 99,99\r\n\r\nOK\r\n");
    (void)say("AT+CFUN=1\r");
    (void)say("AT+CGATT=0\r");
    (void)say("AT+CREG?\r");
    assert_string_equal(answer, "\r\n+CREG: 2,0\r\n\r\nOK\r\n");
}

static void commands_that_end_the_boot_are_answered_first(void **state)
{
    (void)state;
    assert_int_equal(say("AT+CFUN=1,1\rAT\r"), QLV_AT_RESET);
    assert_string_equal(answer, "\r\nOK\r\n");
    assert_int_equal(say("AT+QPOWD\r"), QLV_AT_POWER_DOWN);
    assert_int_equal(say("AT+QPOWD=1\r"), QLV_AT_POWER_DOWN);
    assert_int_equal(say("AT+QDOWNLOAD=1\r"), QLV_AT_DOWNLOAD);
    assert_int_equal(say("AT+QDOWNLOAD=2\r"), QLV_AT_GO_ON);
    assert_int_equal(say("AT+QPOWD;+WRONG\r"), QLV_AT_GO_ON);
}

static void the_clock_can_be_set_and_read(void **state)
{
    (void)state;
    (void)say("AT+CCLK=\"40/02/29,11:30:00+32\"\r");
    assert_string_equal(answer, "\r\nOK\r\n");
    (void)say("AT+CCLK?\r");
    /* 32 quarters of an hour east of Greenwich. */
    assert_non_null(strstr(answer, "+CCLK: \"40/02/29,03:30:0"));
    (void)say("AT+CCLK=\"soon\"\r");
    assert_string_equal(answer, "\r\n+CME ERROR: 50\r\n");
}

static void on_answer(uint32 ind_type, uint32 size)
{
    if (ind_type == QUEC_VIRT_AT_RX_RECV_DATA_IND && size > 0)
        ql_rtos_semaphore_release(told);
}

static void a_virtual_port_answers_through_its_callback_from_another_task(void **state)
{
    (void)state;
    char text[256] = "";
    size_t length = 0;
    assert_int_equal(ql_virt_at_open(QL_VIRT_AT_PORT_3, on_answer), QL_VIRT_AT_SUCCESS);
    assert_int_not_equal(ql_virt_at_open(QL_VIRT_AT_PORT_3, on_answer), QL_VIRT_AT_SUCCESS);
    assert_int_equal(ql_virt_at_write(QL_VIRT_AT_PORT_3, (unsigned char *)(uintptr_t) "AT+CSQ\r", 7), 7);
    while (strstr(text, "OK") == NULL) {
        assert_int_equal(ql_rtos_semaphore_wait(told, 5000), QL_OSI_SUCCESS);
        const int got = ql_virt_at_read(QL_VIRT_AT_PORT_3, (unsigned char *)text + length, (unsigned int)(sizeof text - 1 - length));
        assert_true(got >= 0);
        length += (size_t)got;
    }
    assert_non_null(strstr(text, "+CSQ: 24,99"));
    assert_int_equal(ql_virt_at_close(QL_VIRT_AT_PORT_3), QL_VIRT_AT_SUCCESS);
    assert_true(ql_virt_at_write(QL_VIRT_AT_PORT_3, (unsigned char *)text, 1) < 0);
}

static void the_at_port_belongs_to_the_interpreter(void **state)
{
    (void)state;
    assert_int_not_equal(ql_uart_open(QL_USB_PORT_AT), QL_UART_SUCCESS);
    assert_int_equal(ql_uart_open(QL_USB_PORT_MODEM), QL_UART_SUCCESS);
}

static int make(void **state)
{
    (void)state;
    if (boot(NULL) != 0 || ql_rtos_semaphore_create(&told, 0) != QL_OSI_SUCCESS)
        return -1;
    qlv_call_listeners_start();
    qlv_ports_start();
    qlv_at_start();
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(echo_comes_back_until_it_is_switched_off, boot),
        cmocka_unit_test_setup(every_command_gives_its_answer, boot),
        cmocka_unit_test_setup(case_noise_line_feeds_and_chained_commands_are_borne, boot),
        cmocka_unit_test_setup(a_line_without_end_is_dropped_and_the_next_one_understood, boot),
        cmocka_unit_test_setup(bytes_of_any_kind_leave_the_interpreter_whole, boot),
        cmocka_unit_test_setup(errors_are_told_as_cmee_wants_them, boot),
        cmocka_unit_test_setup(flight_mode_and_detach_end_the_data_call, boot),
        cmocka_unit_test_setup(commands_that_end_the_boot_are_answered_first, boot),
        cmocka_unit_test_setup(the_clock_can_be_set_and_read, boot),
        cmocka_unit_test_setup(a_virtual_port_answers_through_its_callback_from_another_task, boot),
        cmocka_unit_test_setup(the_at_port_belongs_to_the_interpreter, boot),
    };
    return cmocka_run_group_tests(tests, make, NULL);
}
