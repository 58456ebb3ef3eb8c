/* Clock, files, network, AT tunnel, figures: docs/protocol.md §5.3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../at_tunnel.h"
#include "../core/base64.h"
#include "../core/crc32.h"
#include "../network.h"
#include "../tasks.h"
#include "rig.h"

static int next_id;

static int open_rig(void **state)
{
    next_id = 2;
    return rig_session(state);
}

static const char *ask(const char *method, const char *params)
{
    return rig_ask(next_id++, method, params);
}

static void expect(const char *method, const char *params, const char *part)
{
    const char *line = ask(method, params);
    assert_non_null(line);
    if (strstr(line, part) == NULL)
        assert_string_equal(line, part);
}

static void the_clock_is_set_and_read_in_unix_seconds(void **state)
{
    (void)state;
    expect("clock.set", "\"unixS\":951827696", "\"result\":{\"unixS\":951827696}");
    expect("clock.unix", "", "\"result\":{\"unixS\":951827696}");
    expect("clock.set", "\"unixS\":946684799", "\"data\":\"unixS\"");
    expect("clock.set", "\"unixS\":4102444799", "\"data\":\"unixS\"");
    expect("clock.set", "", "\"data\":\"unixS\"");
    expect("clock.unix", "\"zone\":8", "\"data\":\"zone\"");
}

static const char *write_chunk(const char *name, unsigned offset, const char *bytes, size_t count)
{
    char params[SHIM_LINE_IN];
    char base64[SHIM_BASE64_LENGTH(SHIM_CHUNK_MAX + 3) + 1];
    shim_base64_encode(base64, (const uint8_t *)bytes, count);
    base64[SHIM_BASE64_LENGTH(count)] = '\0';
    snprintf(params, sizeof params, "\"name\":\"%s\",\"offset\":%u,\"base64\":\"%s\",\"crc32\":%u", name, offset, base64,
             shim_crc32(0, bytes, count));
    return ask("file.write", params);
}

static void a_file_is_written_in_chunks_checked_read_and_removed(void **state)
{
    (void)state;
    char bytes[3000];
    char params[128];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i * 7);

    assert_non_null(strstr(write_chunk("UFS:ca.pem", 0, bytes, 2048), "\"result\":{\"length\":2048}"));
    assert_non_null(strstr(write_chunk("ca.pem", 2048, bytes + 2048, 952), "\"result\":{\"length\":3000}"));
    snprintf(params, sizeof params, "\"name\":\"UFS:ca.pem\",\"length\":3000,\"crc32\":%u", shim_crc32(0, bytes, sizeof bytes));
    expect("file.check", params, "\"result\":{}}");
    expect("file.check", "\"name\":\"UFS:ca.pem\",\"length\":3000,\"crc32\":1", "\"code\":-32013,\"message\":\"CRC_MISMATCH\"");
    snprintf(params, sizeof params, "\"name\":\"UFS:ca.pem\",\"length\":2999,\"crc32\":%u", shim_crc32(0, bytes, sizeof bytes));
    expect("file.check", params, "\"message\":\"CRC_MISMATCH\"");
    expect("file.read", "\"name\":\"ca.pem\",\"offset\":2998,\"length\":2048", "\"length\":2,\"size\":3000}");
    expect("file.read", "\"name\":\"ca.pem\",\"offset\":0,\"length\":3", "\"result\":{\"base64\":\"AAcO\",\"length\":3,\"size\":3000}");
    expect("file.read", "\"name\":\"ca.pem\",\"offset\":3000,\"length\":0", "\"result\":{\"base64\":\"\",\"length\":0,\"size\":3000}");
    expect("file.read", "\"name\":\"ca.pem\",\"offset\":3001,\"length\":1", "\"data\":\"offset\"");
    expect("file.remove", "\"name\":\"ca.pem\"", "\"result\":{}}");
    expect("file.remove", "\"name\":\"ca.pem\"", "\"code\":-32010,\"message\":\"FILE_FAILED\",\"data\":-2");
    expect("file.check", "\"name\":\"ca.pem\",\"length\":0,\"crc32\":0", "\"data\":-2");
}

static void offset_0_starts_a_file_anew(void **state)
{
    (void)state;
    write_chunk("f", 0, "long", 4);
    assert_non_null(strstr(write_chunk("f", 0, "x", 1), "\"length\":1}"));
    assert_non_null(strstr(write_chunk("f", 0, "", 0), "\"length\":0}"));
}

static void a_chunk_sent_again_changes_nothing(void **state)
{
    (void)state;
    write_chunk("f", 0, "abc", 3);
    write_chunk("f", 3, "def", 3);
    assert_non_null(strstr(write_chunk("f", 3, "def", 3), "\"length\":6}"));
}

static void a_chunk_that_is_not_right_is_refused(void **state)
{
    (void)state;
    static char large[SHIM_CHUNK_MAX + 1];
    expect("file.write", "\"name\":\"f\",\"offset\":0,\"base64\":\"eA==\",\"crc32\":1", "\"message\":\"CRC_MISMATCH\"");
    expect("file.write", "\"name\":\"f\",\"offset\":0,\"base64\":\"eA=\",\"crc32\":1", "\"data\":\"base64\"");
    assert_non_null(strstr(write_chunk("f", 0, large, sizeof large), "\"data\":\"base64\""));
    assert_non_null(strstr(write_chunk("f", 3, "x", 1), "\"data\":-2"));
    write_chunk("f", 0, "x", 1);
    assert_non_null(strstr(write_chunk("f", 3, "x", 1), "\"data\":\"offset\""));
}

static void names_with_a_path_are_refused(void **state)
{
    (void)state;
    static const char *const names[] = {"", "UFS:", "../x", "a/b", "a\\\\b", "SD:x", "UFS:UFS:x", ".", "..", "a\\u0000b",
                                        "0123456789012345678901234567890123456789012345678901234567890123456789"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        char params[128];
        snprintf(params, sizeof params, "\"name\":\"%s\"", names[i]);
        expect("file.remove", params, "\"code\":-32602,\"message\":\"INVALID_PARAMS\",\"data\":\"name\"");
    }
    expect("file.read", "\"name\":\"/x\",\"offset\":0,\"length\":1", "\"data\":\"name\"");
    expect("file.check", "\"name\":\"/x\",\"length\":1,\"crc32\":0", "\"data\":\"name\"");
}

static void what_the_file_system_says_is_passed_on(void **state)
{
    (void)state;
    static const int errors[] = {-5, -3, -5, -3, -3};
    for (int i = 1; i <= 5; i++) {
        char data[32];
        memory_sdk.file_error = 0;
        write_chunk("f", 0, "abc", 3);
        snprintf(data, sizeof data, "\"data\":%d}", errors[i - 1]);
        memory_sdk.file_error = i;
        const char *line = write_chunk("f", i == 4 ? 3 : 0, "x", 1);
        assert_non_null(strstr(line, data));
    }
    memory_sdk.file_error = 3;
    expect("file.read", "\"name\":\"f\",\"offset\":0,\"length\":1", "\"data\":-3");
    expect("file.check", "\"name\":\"f\",\"length\":1,\"crc32\":0", "\"data\":-3");
    memory_sdk.file_error = 4;
    expect("file.read", "\"name\":\"f\",\"offset\":0,\"length\":1", "\"data\":-3");
    memory_sdk.file_error = 5;
    expect("file.read", "\"name\":\"f\",\"offset\":0,\"length\":1", "\"data\":-3");
}

static void the_network_is_brought_up_and_down_by_the_job_task(void **state)
{
    (void)state;
    shim_network_step(&shim_the);
    expect("network.status", "", "\"result\":{\"registered\":true,\"dataCall\":false,\"address\":null,\"csq\":21}");

    rig_request(50, "network.up", "\"profile\":1,\"apn\":\"cmnet\"");
    assert_null(rig_line());
    rig_request(51, "network.down", "\"profile\":1");
    assert_non_null(strstr(rig_line(), "\"id\":51,\"error\":{\"code\":-32004,\"message\":\"BUSY\"}"));
    shim_network_step(&shim_the);
    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":50,\"result\":{\"address\":\"10.0.0.7\"}}");
    assert_non_null(strstr(rig_line(), "\"e\":\"network\",\"what\":\"data-call\",\"value\":\"up\""));

    rig_request(52, "network.down", "\"profile\":1");
    shim_network_step(&shim_the);
    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":52,\"result\":{}}");
    assert_non_null(strstr(rig_line(), "\"value\":\"down\""));
}

static void a_request_in_progress_is_answered_once_it_is_done(void **state)
{
    (void)state;
    rig_request(50, "network.up", "\"profile\":1,\"apn\":null");
    rig_request(50, "network.up", "\"profile\":1,\"apn\":null");
    assert_null(rig_line());
    shim_network_step(&shim_the);
    assert_non_null(strstr(rig_line(), "\"id\":50,\"result\""));
    const char *line = rig_line();
    assert_true(line == NULL || strstr(line, "\"id\":50") == NULL);
}

static void an_answer_does_not_cross_into_another_session(void **state)
{
    (void)state;
    rig_request(50, "network.up", "\"profile\":1,\"apn\":\"\"");
    rig_send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"nonce\":\"00000000000000aa\",\"protocol\":\"1.0\",\"session\":null}}");
    rig_drain();
    shim_network_step(&shim_the);
    assert_null(rig_line());
}

static void a_network_that_fails_is_told_with_the_sdks_code(void **state)
{
    (void)state;
    memory_sdk.datacall_error = 0x80;
    rig_request(50, "network.up", "\"profile\":1,\"apn\":\"x\"");
    shim_network_step(&shim_the);
    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":50,\"error\":{\"code\":-32011,\"message\":\"NETWORK_FAILED\",\"data\":128}}");
    rig_request(51, "network.down", "\"profile\":1");
    shim_network_step(&shim_the);
    assert_non_null(strstr(rig_line(), "\"NETWORK_FAILED\",\"data\":128"));
    memory_sdk.is_registered = false;
    rig_request(52, "network.up", "\"profile\":1,\"apn\":\"x\"");
    shim_network_step(&shim_the);
    assert_non_null(strstr(rig_line(), "\"NETWORK_FAILED\",\"data\":-1"));
    expect("network.up", "\"profile\":8,\"apn\":\"x\"", "\"data\":\"profile\"");
    expect("network.down", "\"profile\":0", "\"data\":\"profile\"");
    expect("network.up", "\"profile\":1,\"apn\":7", "\"data\":\"apn\"");
    expect("network.up", "\"profile\":1,\"apn\":\"0123456789012345678901234567890123456789012345678901234567890123456789\"", "\"data\":\"apn\"");
}

static void every_registration_state_is_told_when_it_changes(void **state)
{
    (void)state;
    static const char *const names[] = {"none", "home", "searching", "denied", "unknown", "roaming"};
    shim_network_step(&shim_the);
    assert_null(rig_line());
    for (int i = 5; i >= 0; i--) {
        char member[64];
        memory_sdk.registration = i;
        shim_network_step(&shim_the);
        snprintf(member, sizeof member, "\"what\":\"registration\",\"value\":\"%s\"", names[i]);
        assert_non_null(strstr(rig_line(), member));
    }
    memory_sdk.network_error = -1;
    shim_network_step(&shim_the);
    assert_non_null(strstr(rig_line(), "\"value\":\"unknown\""));
}

static void the_data_call_is_made_at_start_once_registered(void **state)
{
    (void)state;
    shim_network_start(&shim_the);
    assert_true(memory_sdk.is_up);
}

static void a_start_without_network_ends_and_yields_to_a_request(void **state)
{
    (void)state;
    memory_sdk.is_registered = false;
    shim_network_start(&shim_the);
    assert_false(memory_sdk.is_up);
    assert_int_equal(memory_sdk.now_ms, 120000);

    rig_request(50, "network.down", "\"profile\":1");
    shim_network_start(&shim_the);
    assert_int_equal(memory_sdk.now_ms, 120000);
}

static void the_at_tunnel_brings_the_answer_line_by_line(void **state)
{
    (void)state;
    assert_true(shim_at_open(&shim_the));
    memory_sdk.now_ms = 10;
    strcpy(memory_sdk.at_answer, "\r\nURC: early\r\n");
    shim_at_step(&shim_the, 0);

    expect("at.send", "\"command\":\"AT+CSQ\",\"timeoutMs\":1000", "\"result\":{\"accepted\":2}");
    assert_string_equal(memory_sdk.at_command, "AT+CSQ\r");
    expect("at.send", "\"command\":\"AT\",\"timeoutMs\":1000", "\"BUSY\"");
    strcat(memory_sdk.at_answer, "AT+CSQ\r\r\n+CSQ: 24,99\r\n\r\nOK\r\nURC: late\r\n");
    while (memory_sdk.at_answer[memory_sdk.at_answered] != '\0')
        shim_at_step(&shim_the, 0);

    rig_expect("{\"jsonrpc\":\"2.0\",\"method\":\"events\",\"params\":{\"session\":1,\"events\":["
               "{\"seq\":1,\"t\":10,\"e\":\"at\",\"request\":2,\"line\":\"AT+CSQ\",\"done\":false},"
               "{\"seq\":2,\"t\":10,\"e\":\"at\",\"request\":2,\"line\":\"+CSQ: 24,99\",\"done\":false},"
               "{\"seq\":3,\"t\":10,\"e\":\"at\",\"request\":2,\"line\":\"OK\",\"done\":true}]}}");
    expect("at.send", "\"command\":\"AT\",\"timeoutMs\":1000", "\"accepted\":4");
}

static void an_at_command_without_an_answer_ends_with_an_empty_line(void **state)
{
    (void)state;
    shim_at_open(&shim_the);
    expect("at.send", "\"command\":\"AT\",\"timeoutMs\":700", "\"accepted\"");
    shim_at_step(&shim_the, 500);
    shim_at_step(&shim_the, 500);
    shim_at_step(&shim_the, 500);
    assert_non_null(strstr(rig_line(), "\"events\":[{\"seq\":1,\"t\":1000,\"e\":\"at\",\"request\":2,\"line\":\"\",\"done\":true}]"));
}

static void an_at_command_of_a_former_session_concerns_nobody(void **state)
{
    (void)state;
    shim_at_open(&shim_the);
    expect("at.send", "\"command\":\"AT\",\"timeoutMs\":700", "\"accepted\"");
    rig_send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"nonce\":\"00000000000000aa\",\"protocol\":\"1.0\",\"session\":null}}");
    rig_drain();
    strcpy(memory_sdk.at_answer, "OK\r\n");
    shim_at_step(&shim_the, 0);
    assert_null(rig_line());
    next_id = 2;
    expect("at.send", "\"command\":\"AT\",\"timeoutMs\":700", "\"accepted\"");
}

static void what_a_bench_must_not_do_can_not_be_asked_for(void **state)
{
    (void)state;
    shim_at_open(&shim_the);
    expect("at.send", "\"command\":\"ATD123;\",\"timeoutMs\":1000", "\"data\":\"command\"");
    expect("at.send", "\"command\":\"AT+CMGS=1\",\"timeoutMs\":1000", "\"data\":\"command\"");
    expect("at.send", "\"command\":\"AT\",\"timeoutMs\":0", "\"data\":\"timeoutMs\"");
    assert_string_equal(memory_sdk.at_command, "");
}

static void a_module_without_virtual_at_says_so(void **state)
{
    (void)state;
    memory_sdk.no_virt_at = true;
    assert_false(shim_at_open(&shim_the));
    shim_at_step(&shim_the, 10);
    expect("at.send", "\"command\":\"AT\",\"timeoutMs\":1000", "\"code\":-32009,\"message\":\"UNSUPPORTED\"");
}

static void figures_are_told(void **state)
{
    (void)state;
    strcpy(shim_own_tasks[0].name, "hil_reader");
    expect("stats", "", "\"result\":{\"heap\":{\"total\":1000,\"avail\":500,\"maxBlock\":400},\"tasks\":[{\"name\":\"hil_reader\",\"stackFree\":1000},");
    memory_sdk.cpu_percent = 7;
    expect("stats", "", "],\"cpu\":7,\"queue\":{\"used\":0,\"peak\":0},\"noise\":0}}");
    memory_sdk.cpu_percent = -1;
    expect("stats", "", "],\"queue\":{\"used\":0,\"peak\":0},\"noise\":0}}");
    expect("slots", "\"slot\":1", "\"data\":\"slot\"");
    expect("stats", "\"all\":true", "\"data\":\"all\"");
    expect("bye", "\"now\":true", "\"data\":\"now\"");
    expect("network.status", "\"sim\":1", "\"data\":\"sim\"");
    expect("events.resend", "\"from\":0", "\"data\":\"from\"");
    expect("react.disarm", "\"reaction\":0", "\"data\":\"reaction\"");
    expect("reset", "\"why\":7", "\"data\":\"why\"");
}

#define OPENED(test) cmocka_unit_test_setup_teardown(test, open_rig, rig_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OPENED(the_clock_is_set_and_read_in_unix_seconds),
        OPENED(a_file_is_written_in_chunks_checked_read_and_removed),
        OPENED(offset_0_starts_a_file_anew),
        OPENED(a_chunk_sent_again_changes_nothing),
        OPENED(a_chunk_that_is_not_right_is_refused),
        OPENED(names_with_a_path_are_refused),
        OPENED(what_the_file_system_says_is_passed_on),
        OPENED(the_network_is_brought_up_and_down_by_the_job_task),
        OPENED(a_request_in_progress_is_answered_once_it_is_done),
        OPENED(an_answer_does_not_cross_into_another_session),
        OPENED(a_network_that_fails_is_told_with_the_sdks_code),
        OPENED(every_registration_state_is_told_when_it_changes),
        OPENED(the_data_call_is_made_at_start_once_registered),
        OPENED(a_start_without_network_ends_and_yields_to_a_request),
        OPENED(the_at_tunnel_brings_the_answer_line_by_line),
        OPENED(an_at_command_without_an_answer_ends_with_an_empty_line),
        OPENED(an_at_command_of_a_former_session_concerns_nobody),
        OPENED(what_a_bench_must_not_do_can_not_be_asked_for),
        OPENED(a_module_without_virtual_at_says_so),
        OPENED(figures_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
