/* Lines, requests, session, link: docs/protocol.md §1 to §3. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../reset.h"
#include "rig.h"

#define ERROR_NULL(code, name) "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":" code ",\"message\":\"" name "\"}}"
#define ERROR_ID(id, code, name) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"error\":{\"code\":" code ",\"message\":\"" name "\"}}"
#define ERROR_DATA(id, code, name, data) "{\"jsonrpc\":\"2.0\",\"id\":" id ",\"error\":{\"code\":" code ",\"message\":\"" name "\",\"data\":" data "}}"

static void hello_tells_who_the_module_is(void **state)
{
    (void)state;
    memory_sdk.now_ms = 5120;
    rig_send(HELLO);

    const char *line = rig_line();
    assert_non_null(line);
    static const char begin[] = "{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"nonce\":\"6d0f3a4c5b7e8192\",\"protocol\":\"1.0\",\"shim\":\"" SHIM_VERSION
                                "\",\"session\":1,\"resumed\":false,\"link\":1,\"boot\":{\"id\":\"6d0f3a4c\",\"cause\":\"power-key\",\"raw\":1,\"upMs\":5120},\"sdk\":";
    assert_memory_equal(line, begin, sizeof begin - 1);
    assert_non_null(strstr(line, "\"heap\":{\"total\":1000,\"avail\":500,\"maxBlock\":400},\"queue\":{\"bytes\":32768,\"events\":"));
    assert_non_null(strstr(line, ",\"last\":0},\"slots\":[\"free\",\"free\",\"free\",\"free\",\"free\",\"free\"]}}"));
    assert_non_null(strstr(line, "\"module\":{\"model\":\"EG500U\",\"revision\":\"\",\"imei\":\"\"}"));
    assert_non_null(strstr(line, "\"client_info\":{\"size\":"));
    assert_non_null(strstr(line, HAVE_SETOPT ? "\"sdk\":\"r03\",\"features\":[\"setopt\"" : "\"sdk\":\"manual\",\"features\":[\"onenet-token\",\"cpu-use\"]"));
    assert_null(rig_line());
}

static void expect_cause(unsigned raw, const char *cause)
{
    char member[48];
    rig_boot(NULL);
    memory_sdk.boot_cause = raw;
    rig_send(HELLO);
    snprintf(member, sizeof member, "\"cause\":\"%s\"", cause);
    assert_non_null(strstr(rig_line(), member));
    rig_end(NULL);
}

static void every_boot_cause_has_its_name(void **state)
{
    (void)state;
#if HAVE_BOOT_CAUSE
    static const struct {
        unsigned raw;
        const char *name;
    } causes[] = {{1, "power-key"}, {1 << 1, "pin-reset"}, {1 << 2, "alarm"}, {1 << 3, "charge"}, {1 << 4, "watchdog"}, {1 << 5, "pin-wake"},
                  {1 << 6, "psm"}, {1 << 9, "panic"}, {1 << 15, "software-reset"}, {0, "unknown"}, {99, "unknown"}, {(1 << 9) | 2, "panic"}};
#else
    static const struct {
        unsigned raw;
        const char *name;
    } causes[] = {{0, "unknown"}, {1, "power-key"}, {2, "pin-reset"}, {3, "alarm"}, {4, "charge"}, {5, "watchdog"},
                  {6, "pin-wake"}, {7, "psm"}, {8, "panic"}, {99, "unknown"}};
#endif
    for (size_t i = 0; i < sizeof causes / sizeof causes[0]; i++)
        expect_cause(causes[i].raw, causes[i].name);
}

static void hello_with_params_that_do_not_fit_is_refused(void **state)
{
    (void)state;
    static const char *const params[] = {
        "{}",
        "{\"nonce\":\"6D0F3A4C5B7E8192\",\"protocol\":\"1.0\",\"session\":null}",
        "{\"nonce\":\"6d0f3a4c5b7e8192aa\",\"protocol\":\"1.0\",\"session\":null}",
        "{\"nonce\":\"6d0f3a4c5b7e8192\",\"protocol\":\"1\",\"session\":null}",
        "{\"nonce\":\"6d0f3a4c5b7e8192\",\"protocol\":\"1.\",\"session\":null}",
        "{\"nonce\":\"6d0f3a4c5b7e8192\",\"protocol\":\"1.x\",\"session\":null}",
        "{\"nonce\":\"6d0f3a4c5b7e8192\",\"protocol\":\"1.00000000000\",\"session\":null}",
        "{\"nonce\":\"6d0f3a4c5b7e8192\",\"protocol\":\"1.0\",\"session\":0}",
        "{\"nonce\":\"6d0f3a4c5b7e8192\",\"protocol\":\"1.0\",\"session\":\"1\"}",
        "{\"nonce\":\"6d0f3a4c5b7e8192\",\"protocol\":\"1.0\",\"session\":null,\"acked\":-1}",
        "{\"nonce\":\"6d0f3a4c5b7e8192\",\"protocol\":\"1.0\",\"session\":null,\"link\":1}",
    };
    for (size_t i = 0; i < sizeof params / sizeof params[0]; i++) {
        char json[256];
        snprintf(json, sizeof json, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":%s}", params[i]);
        rig_send(json);
        assert_non_null(strstr(rig_line(), "\"code\":-32602,\"message\":\"INVALID_PARAMS\",\"data\":\""));
    }
    assert_false(shim_the.session.is_open);
}

static void another_major_of_the_protocol_is_refused_naming_ours(void **state)
{
    (void)state;
    rig_send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"nonce\":\"6d0f3a4c5b7e8192\",\"protocol\":\"2.0\",\"session\":null}}");
    rig_expect(ERROR_DATA("1", "-32012", "PROTOCOL_VERSION", "\"1.0\""));
    assert_false(shim_the.session.is_open);

    rig_send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"nonce\":\"6d0f3a4c5b7e8192\",\"protocol\":\"1.7\",\"session\":null}}");
    assert_non_null(strstr(rig_line(), "\"result\""));
}

static void a_repeated_hello_gets_the_same_answer_and_changes_nothing(void **state)
{
    (void)state;
    char first[SHIM_LINE_OUT + 1];
    rig_send(HELLO);
    strcpy(first, rig_line());
    memory_sdk.now_ms += 100;

    rig_send(HELLO);

    rig_expect(first);
    assert_int_equal(shim_the.session.link, 1);
}

static void nothing_but_hello_is_taken_without_a_session(void **state)
{
    (void)state;
    rig_request(7, "clock.read", "");
    rig_expect(ERROR_ID("7", "-32002", "NO_SESSION"));
}

static void a_request_is_answered_with_its_id(void **state)
{
    (void)state;
    memory_sdk.now_ms = 81234;
    rig_request(9, "clock.read", "");
    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{\"upMs\":81234}}");
}

static void a_request_that_comes_again_gets_its_first_answer_and_does_not_run(void **state)
{
    (void)state;
    rig_request(9, "mqtt.init", "\"slot\":0,\"token\":5,\"cid\":1");
    rig_request(9, "mqtt.init", "\"slot\":0,\"token\":5,\"cid\":1");
    rig_work();

    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{\"accepted\":5}}");
    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":9,\"result\":{\"accepted\":5}}");
    assert_int_equal(memory_sdk.calls, 1);
}

static void an_id_whose_answer_is_gone_is_too_old(void **state)
{
    (void)state;
    for (int id = 2; id < 2 + SHIM_ANSWERS_KEPT + 1; id++) {
        rig_request(id, "clock.read", "");
        rig_drain();
    }

    rig_request(2, "clock.read", "");
    rig_expect(ERROR_ID("2", "-32003", "ID_TOO_OLD"));
    rig_request(3, "clock.read", "");
    assert_non_null(strstr(rig_line(), "\"result\""));
}

static void more_requests_than_may_be_outstanding_are_told_busy(void **state)
{
    (void)state;
    for (int id = 2; id < 2 + SHIM_OUTSTANDING; id++)
        rig_request(id, "clock.read", "");
    rig_request(40, "mqtt.init", "\"slot\":0,\"token\":5,\"cid\":1");
    rig_work();

    for (int id = 2; id < 2 + SHIM_OUTSTANDING; id++)
        assert_non_null(strstr(rig_line(), "\"result\""));
    rig_expect(ERROR_ID("40", "-32004", "BUSY"));
    assert_int_equal(memory_sdk.calls, 0);
}

static void a_host_that_does_not_read_costs_no_memory(void **state)
{
    (void)state;
    for (int id = 2; id < 500; id++)
        rig_request(id, "clock.read", "");

    unsigned lines = 0;
    while (rig_line() != NULL)
        lines++;
    assert_true(lines <= SHIM_OUTBOX);
}

static void what_was_written_for_an_earlier_link_does_not_run(void **state)
{
    (void)state;
    rig_send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"hello\",\"params\":{\"nonce\":\"0000000000000002\",\"protocol\":\"1.0\",\"session\":1,\"acked\":0}}");
    rig_drain();
    assert_int_equal(shim_the.session.link, 2);

    rig_send("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"mqtt.init\",\"params\":{\"link\":1,\"slot\":0,\"token\":5,\"cid\":1}}");
    rig_work();
    rig_expect(ERROR_ID("3", "-32001", "STALE_LINK"));
    assert_int_equal(memory_sdk.calls, 0);

    /* The id is not spent: sent again with the present link, it runs. */
    rig_send("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"mqtt.init\",\"params\":{\"link\":2,\"slot\":0,\"token\":5,\"cid\":1}}");
    rig_work();
    assert_int_equal(memory_sdk.calls, 1);
}

static void a_resumed_session_keeps_its_answers_and_sends_its_events_again(void **state)
{
    (void)state;
    rig_ask(2, "mqtt.init", "\"slot\":0,\"token\":5,\"cid\":1");
    rig_drain();

    rig_send("{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"hello\",\"params\":{\"nonce\":\"0000000000000002\",\"protocol\":\"1.0\",\"session\":1,\"acked\":1}}");
    const char *line = rig_line();
    assert_non_null(strstr(line, "\"session\":1,\"resumed\":true,\"link\":2"));
    assert_non_null(strstr(line, "\"last\":2"));
    line = rig_line();
    assert_null(strstr(line, "\"seq\":1,"));
    assert_non_null(strstr(line, "\"seq\":2,"));
    rig_request(2, "mqtt.init", "\"slot\":0,\"token\":5,\"cid\":1");
    rig_work();

    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"accepted\":5}}");
    assert_int_equal(memory_sdk.calls, 1);
}

static void what_waited_to_be_sent_on_an_earlier_link_is_not_sent_on_the_new_one(void **state)
{
    (void)state;
    rig_request(2, "clock.read", "");
    rig_request(3, "clock.read", "");

    rig_send("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"hello\",\"params\":{\"nonce\":\"0000000000000002\",\"protocol\":\"1.0\",\"session\":1,\"acked\":0}}");

    assert_non_null(strstr(rig_line(), "\"id\":4,\"result\":{\"nonce\""));
    assert_null(rig_line());
}

static void a_fresh_session_numbers_everything_anew(void **state)
{
    (void)state;
    rig_ask(2, "mqtt.init", "\"slot\":0,\"token\":5,\"cid\":1");
    rig_drain();
    rig_request(3, "mqtt.is_connected", "\"slot\":0,\"token\":6");

    rig_send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"nonce\":\"0000000000000002\",\"protocol\":\"1.0\",\"session\":null,\"acked\":0}}");
    rig_work();
    const char *line = rig_line();
    assert_non_null(strstr(line, "\"session\":2,\"resumed\":false,\"link\":2"));
    assert_non_null(strstr(line, "\"slots\":[\"open\",\"free\""));
    assert_null(rig_line());
    /* What nobody had begun was for nobody. */
    assert_int_equal(memory_sdk.calls, 1);

    rig_ask(2, "mqtt.is_connected", "\"slot\":0,\"token\":7");
    assert_non_null(strstr(rig_line(), "\"session\":2,\"events\":[{\"seq\":1,"));
}

static void bye_closes_the_session(void **state)
{
    (void)state;
    rig_request(2, "bye", "");
    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}");

    rig_request(3, "clock.read", "");
    rig_expect(ERROR_ID("3", "-32002", "NO_SESSION"));
}

static void without_a_session_a_person_may_type(void **state)
{
    (void)state;
    rig_bytes(HELLO "\r\n", sizeof HELLO + 1);
    assert_non_null(strstr(rig_line(), "\"result\""));

    rig_bytes(HELLO "\r\n", sizeof HELLO + 1);
    assert_null(rig_line());
    assert_int_equal(shim_the.noise, 1);
}

static void noise_is_counted_and_not_answered(void **state)
{
    (void)state;
    char long_line[SHIM_LINE_IN + 2];
    memset(long_line, '{', sizeof long_line);
    long_line[sizeof long_line - 1] = '\n';

    rig_bytes("\r\n", 2);
    rig_bytes("RDY\r\n", 5);
    rig_bytes("{}*00000000\n", 12);
    rig_bytes("{}\n", 3);
    rig_bytes(long_line, sizeof long_line);

    assert_null(rig_line());
    rig_request(2, "events.ack", "\"upTo\":0");
    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"last\":0,\"noise\":4}}");
}

static void the_longest_line_is_taken(void **state)
{
    (void)state;
    char json[SHIM_LINE_IN];
    int head = snprintf(json, sizeof json, "{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"clock.read\",\"params\":{\"link\":1}");
    size_t length = SHIM_LINE_IN - SHIM_LINE_TAIL;
    memset(json + head, ' ', length - (size_t)head);
    json[length - 1] = '}';
    json[length] = '\0';

    rig_send(json);

    assert_non_null(strstr(rig_line(), "\"id\":2,\"result\""));
    assert_int_equal(shim_the.noise, 0);
}

static void what_is_no_json_and_what_is_no_request_are_told_apart(void **state)
{
    (void)state;
    rig_send("{\"jsonrpc\":\"2.0\",");
    rig_expect(ERROR_NULL("-32700", "PARSE_ERROR"));
    static const char *const bad[] = {
        "{}", "1", "\"x\"", "[]",
        "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"clock.read\",\"params\":{}}", "{\"jsonrpc\":\"2.0\",\"id\":2147483648,\"method\":\"clock.read\",\"params\":{}}",
        "{\"jsonrpc\":\"2.0\",\"id\":\"1\",\"method\":\"clock.read\",\"params\":{}}", "{\"jsonrpc\":\"2.0\",\"id\":null,\"method\":\"clock.read\",\"params\":{}}",
        "{\"jsonrpc\":\"2.0\",\"method\":7,\"params\":{}}"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        rig_send(bad[i]);
        rig_expect(ERROR_NULL("-32600", "INVALID_REQUEST"));
    }
    static const char *const bad_with_id[] = {"{\"id\":4}", "{\"jsonrpc\":\"1.0\",\"id\":4,\"method\":\"clock.read\",\"params\":{}}",
                                              "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"clock.read\",\"params\":[]}",
                                              "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"clock.read\",\"params\":{},\"more\":1}"};
    for (size_t i = 0; i < sizeof bad_with_id / sizeof bad_with_id[0]; i++) {
        rig_send(bad_with_id[i]);
        rig_expect(ERROR_ID("4", "-32600", "INVALID_REQUEST"));
    }
}

static void json_of_too_many_tokens_is_no_request(void **state)
{
    (void)state;
    char json[SHIM_LINE_IN] = "[";
    for (int i = 0; i < SHIM_JSON_TOKENS; i++)
        strcat(json, "0,");
    strcat(json, "0]");

    rig_send(json);
    rig_expect(ERROR_NULL("-32600", "INVALID_REQUEST"));
}

static void the_modules_own_messages_are_not_answered_when_they_come_back(void **state)
{
    (void)state;
    rig_send("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"INVALID_REQUEST\"}}");
    rig_send("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{}}");
    rig_send("{\"jsonrpc\":\"2.0\",\"method\":\"events\",\"params\":{}}");
    assert_null(rig_line());
}

static void unknown_methods_and_params_are_refused_by_name(void **state)
{
    (void)state;
    rig_request(2, "clock.reed", "");
    rig_expect(ERROR_ID("2", "-32601", "METHOD_NOT_FOUND"));
    rig_request(3, "clock.read", "\"lnik\":1");
    rig_expect(ERROR_DATA("3", "-32602", "INVALID_PARAMS", "\"lnik\""));
    rig_send("{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"clock.read\",\"params\":{}}");
    rig_expect(ERROR_DATA("4", "-32602", "INVALID_PARAMS", "\"link\""));
}

static void only_an_acknowledgement_is_taken_as_a_notification(void **state)
{
    (void)state;
    rig_ask(2, "mqtt.is_connected", "\"slot\":0,\"token\":6");
    rig_drain();

    rig_send("{\"jsonrpc\":\"2.0\",\"method\":\"events.ack\",\"params\":{\"link\":99,\"upTo\":2}}");
    assert_int_equal(shim_the.events.first, 1);
    rig_send("{\"jsonrpc\":\"2.0\",\"method\":\"events.ack\",\"params\":{\"link\":1,\"upTo\":2}}");
    assert_int_equal(shim_the.events.first, 3);
    rig_send("{\"jsonrpc\":\"2.0\",\"method\":\"mqtt.init\",\"params\":{\"link\":1,\"slot\":0,\"token\":5,\"cid\":1}}");
    rig_send("{\"jsonrpc\":\"2.0\",\"method\":\"nothing\",\"params\":{}}");
    rig_work();

    assert_null(rig_line());
    assert_int_equal(memory_sdk.calls, 1);
}

static void events_are_kept_until_acknowledged_and_sent_again_when_asked(void **state)
{
    (void)state;
    rig_ask(2, "mqtt.is_connected", "\"slot\":0,\"token\":6");
    rig_drain();

    rig_request(3, "events.resend", "\"from\":2");
    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"from\":2,\"last\":2}}");
    assert_non_null(strstr(rig_line(), "\"events\":[{\"seq\":2,"));
    rig_request(4, "events.ack", "\"upTo\":3");
    rig_expect(ERROR_DATA("4", "-32602", "INVALID_PARAMS", "\"upTo\""));
    rig_request(5, "events.ack", "\"upTo\":1");
    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":5,\"result\":{\"last\":2,\"noise\":0}}");
    rig_request(6, "events.resend", "\"from\":1");
    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":6,\"result\":{\"from\":2,\"last\":2}}");
    assert_non_null(strstr(rig_line(), "\"events\":[{\"seq\":2,"));
}

static void an_announced_reset_waits_for_its_acknowledgement(void **state)
{
    (void)state;
    rig_request(2, "reset", "\"why\":\"to see\"");
    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{}}");
    assert_non_null(strstr(rig_line(), "\"e\":\"reset\",\"why\":\"to see\""));

    assert_false(shim_reset_is_ready(&shim_the));
    rig_send("{\"jsonrpc\":\"2.0\",\"method\":\"events.ack\",\"params\":{\"link\":1,\"upTo\":1}}");
    assert_true(shim_reset_is_ready(&shim_the));
}

static void an_announced_reset_does_not_wait_for_ever(void **state)
{
    (void)state;
    rig_request(2, "reset", "");
    assert_false(shim_reset_is_ready(&shim_the));
    memory_sdk.now_ms += SHIM_RESET_GRACE_MS;
    assert_true(shim_reset_is_ready(&shim_the));
}

static void why_a_reset_has_bounds(void **state)
{
    (void)state;
    rig_request(2, "reset", "\"why\":\"0123456789012345678901234567890123456789012345678901234567890123456789\"");
    rig_expect(ERROR_DATA("2", "-32602", "INVALID_PARAMS", "\"why\""));
    assert_false(shim_the.is_reset_due);
}

#define BOOTED(test) cmocka_unit_test_setup_teardown(test, rig_boot, rig_end)
#define OPENED(test) cmocka_unit_test_setup_teardown(test, rig_session, rig_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOOTED(hello_tells_who_the_module_is),
        cmocka_unit_test(every_boot_cause_has_its_name),
        BOOTED(hello_with_params_that_do_not_fit_is_refused),
        BOOTED(another_major_of_the_protocol_is_refused_naming_ours),
        BOOTED(a_repeated_hello_gets_the_same_answer_and_changes_nothing),
        BOOTED(nothing_but_hello_is_taken_without_a_session),
        OPENED(a_request_is_answered_with_its_id),
        OPENED(a_request_that_comes_again_gets_its_first_answer_and_does_not_run),
        OPENED(an_id_whose_answer_is_gone_is_too_old),
        OPENED(more_requests_than_may_be_outstanding_are_told_busy),
        OPENED(a_host_that_does_not_read_costs_no_memory),
        OPENED(what_was_written_for_an_earlier_link_does_not_run),
        OPENED(a_resumed_session_keeps_its_answers_and_sends_its_events_again),
        OPENED(what_waited_to_be_sent_on_an_earlier_link_is_not_sent_on_the_new_one),
        OPENED(a_fresh_session_numbers_everything_anew),
        OPENED(bye_closes_the_session),
        BOOTED(without_a_session_a_person_may_type),
        OPENED(noise_is_counted_and_not_answered),
        OPENED(the_longest_line_is_taken),
        OPENED(what_is_no_json_and_what_is_no_request_are_told_apart),
        OPENED(json_of_too_many_tokens_is_no_request),
        OPENED(the_modules_own_messages_are_not_answered_when_they_come_back),
        OPENED(unknown_methods_and_params_are_refused_by_name),
        OPENED(only_an_acknowledgement_is_taken_as_a_notification),
        OPENED(events_are_kept_until_acknowledged_and_sent_again_when_asked),
        OPENED(an_announced_reset_waits_for_its_acknowledgement),
        OPENED(an_announced_reset_does_not_wait_for_ever),
        OPENED(why_a_reset_has_bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
