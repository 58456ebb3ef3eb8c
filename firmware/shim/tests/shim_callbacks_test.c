/* Callbacks, reactions, overflow: docs/protocol.md §4 and §5.2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

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

static void initialise(unsigned slot)
{
    char params[64];
    snprintf(params, sizeof params, "\"slot\":%u,\"token\":%u,\"cid\":1", slot, 900 + slot);
    ask("mqtt.init", params);
    rig_drain();
}

static void expect_events(const char *events)
{
    char json[SHIM_LINE_OUT];
    snprintf(json, sizeof json, "{\"jsonrpc\":\"2.0\",\"method\":\"events\",\"params\":{\"session\":1,\"events\":[%s]}}", events);
    rig_expect(json);
}

static void every_callback_tells_when_it_is_entered_and_left(void **state)
{
    (void)state;
    initialise(1);
    ask("mqtt.connect", "\"slot\":1,\"token\":7,\"host\":\"h\"");
    rig_drain();
    memory_sdk.now_ms = 50;

    assert_int_equal(memory_sdk_callbacks(1), 1);

    expect_events("{\"seq\":5,\"t\":50,\"e\":\"enter\",\"cb\":\"connect\",\"arg\":7,\"slot\":1,\"handle\":1,\"client\":\"same\",\"task\":2,\"status\":0},"
                  "{\"seq\":6,\"t\":50,\"e\":\"leave\",\"cb\":\"connect\",\"enter\":5,\"task\":2}");
    assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);

    ask("mqtt.publish", "\"slot\":1,\"token\":8,\"topic\":\"t\"");
    ask("mqtt.disconnect", "\"slot\":1,\"token\":9");
    rig_drain();
    memory_sdk_callbacks(2);
    expect_events("{\"seq\":11,\"t\":50,\"e\":\"enter\",\"cb\":\"request\",\"arg\":8,\"slot\":1,\"handle\":1,\"client\":\"same\",\"task\":2,\"err\":0},"
                  "{\"seq\":12,\"t\":50,\"e\":\"leave\",\"cb\":\"request\",\"enter\":11,\"task\":2},"
                  "{\"seq\":13,\"t\":50,\"e\":\"enter\",\"cb\":\"disconnect\",\"arg\":9,\"slot\":1,\"handle\":1,\"client\":\"same\",\"task\":2,\"err\":0},"
                  "{\"seq\":14,\"t\":50,\"e\":\"leave\",\"cb\":\"disconnect\",\"enter\":13,\"task\":2}");
}

static void a_callback_before_the_return_of_its_call_is_told_before_it(void **state)
{
    (void)state;
    memory_sdk.callback_first = true;
    ask("mqtt.publish", "\"slot\":0,\"token\":7,\"topic\":\"t\"");
    const char *line = rig_line();
    const char *enter = strstr(line, "\"e\":\"enter\"");
    assert_non_null(enter);
    assert_non_null(strstr(enter, "\"e\":\"ret\""));
    assert_int_equal(shim_the.calls[0].state, SHIM_CALL_FREE);
    assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);
}

static void a_callback_that_comes_twice_is_told_twice(void **state)
{
    (void)state;
    memory_sdk.callback_twice = true;
    ask("mqtt.publish", "\"slot\":0,\"token\":7,\"topic\":\"t\"");
    rig_drain();
    assert_int_equal(memory_sdk_callbacks(9), 2);
    const char *line = rig_line();
    assert_non_null(strstr(strstr(line, "\"e\":\"enter\"") + 1, "\"e\":\"enter\""));
    assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);
}

static void the_client_pointer_of_a_callback_is_told_for_what_it_is(void **state)
{
    (void)state;
    mqtt_client_t foreign = 12345;
    mqtt_client_t closed = 0;
    initialise(2);
    mqtt_client_t other = shim_the.slots[2].client;
    ask("mqtt.set_inpub_callback", "\"slot\":2,\"token\":7");
    ask("mqtt.connect", "\"slot\":2,\"token\":8,\"host\":\"h\",\"cb\":false");
    rig_drain();

    memory_sdk.exception(&shim_the.slots[2].client);
    assert_non_null(strstr(rig_line(), "\"cb\":\"exception\",\"slot\":2,\"handle\":1,\"client\":\"same\""));
    memory_sdk.exception(&other);
    assert_non_null(strstr(rig_line(), "\"cb\":\"exception\",\"slot\":2,\"handle\":1,\"client\":\"other\""));
    memory_sdk.exception(&foreign);
    assert_non_null(strstr(rig_line(), "\"cb\":\"exception\",\"slot\":-1,\"handle\":12345,\"client\":\"foreign\""));
    memory_sdk.exception(&closed);
    assert_non_null(strstr(rig_line(), "\"cb\":\"exception\",\"slot\":-1,\"handle\":0,\"client\":\"foreign\""));
    memory_sdk.exception(NULL);
    assert_non_null(strstr(rig_line(), "\"cb\":\"exception\",\"slot\":-1,\"handle\":0,\"client\":\"null\""));
}

static void a_received_payload_can_be_read_whole(void **state)
{
    (void)state;
    char payload[3000];
    initialise(0);
    ask("mqtt.set_inpub_callback", "\"slot\":0,\"token\":7");
    rig_drain();
    memset(payload, 'x', sizeof payload);
    memory_sdk_inpub(&shim_the.slots[0].client, 5, "a/b", payload, sizeof payload);

    const char *line = rig_line();
    assert_non_null(strstr(line, "\"cb\":\"inpub\",\"arg\":7,\"slot\":0,\"handle\":1,\"client\":\"same\",\"task\":2,\"pktId\":5,\"topic\":{\"length\":3,"));
    assert_non_null(strstr(line, "\"payload\":{\"length\":3000,"));
    assert_non_null(strstr(line, "\"capture\":1}"));
    assert_non_null(strstr(ask("capture.read", "\"capture\":1,\"offset\":2995,\"length\":2048"), "\"result\":{\"base64\":\"eHh4eHg=\",\"length\":5,\"size\":3000}"));
    assert_non_null(strstr(ask("capture.read", "\"capture\":1,\"offset\":0,\"length\":2048"), "\"length\":2048,\"size\":3000}"));
    assert_non_null(strstr(ask("capture.read", "\"capture\":1,\"offset\":3001,\"length\":1"), "\"data\":\"offset\""));
    assert_non_null(strstr(ask("capture.read", "\"capture\":2,\"offset\":0,\"length\":1"), "\"data\":\"capture\""));
    assert_non_null(strstr(ask("capture.read", "\"capture\":2,\"offset\":0,\"length\":2049"), "\"data\":\"length\""));
}

static char volatile_payload[8];

static void overwrite_payload(void)
{
    volatile_payload[0] = 'X';
}

static const char *leave_with_call(const char *method, void (*during_call)(void))
{
    char reaction[160];
    snprintf(reaction, sizeof reaction, "\"slot\":0,\"cb\":\"inpub\",\"calls\":[{\"method\":\"%s\",\"params\":{\"token\":50}}]", method);
    ask("react.arm", reaction);
    memcpy(volatile_payload, "payload", sizeof volatile_payload);
    memory_sdk.during_call = during_call;
    memory_sdk_inpub(&shim_the.slots[0].client, 5, "a/b", volatile_payload, 7);
    memory_sdk.during_call = NULL;
    return strstr(rig_line(), "\"e\":\"leave\"");
}

static void leaving_tells_whether_the_message_is_still_what_it_was(void **state)
{
    (void)state;
    initialise(0);
    ask("mqtt.set_inpub_callback", "\"slot\":0,\"token\":7");
    rig_drain();

    assert_non_null(strstr(leave_with_call("mqtt.is_connected", NULL), "\"intact\":true}"));
    assert_non_null(strstr(leave_with_call("mqtt.is_connected", overwrite_payload), "\"intact\":false}"));
    /* Released with its client: nothing to look at. */
    assert_null(strstr(leave_with_call("mqtt.deinit", overwrite_payload), "intact"));
}

static void null_topics_and_payloads_are_told(void **state)
{
    (void)state;
    ask("mqtt.set_inpub_callback", "\"slot\":0,\"token\":7");
    rig_drain();
    memory_sdk_inpub(NULL, 0, NULL, NULL, 9);
    assert_non_null(strstr(rig_line(), "\"pktId\":0,\"topic\":null,\"payload\":null}"));
}

static unsigned flood(unsigned count)
{
    for (unsigned i = 0; i < count; i++)
        memory_sdk_inpub(&shim_the.slots[0].client, (int)i, "topic", "payload", 7);
    return count;
}

static void what_finds_no_room_is_counted_exactly_and_told_when_there_is_room(void **state)
{
    (void)state;
    initialise(0);
    ask("mqtt.set_inpub_callback", "\"slot\":0,\"token\":7");
    rig_request(3000, "events.ack", "\"upTo\":4");
    rig_drain();

    unsigned sent = flood(1000);
    unsigned kept = (shim_the.events.last - 4) / 2;
    memory_sdk.exception = NULL;
    assert_int_equal(shim_the.losses[SHIM_CB_INPUB], sent - kept);
    rig_drain();

    char params[32];
    char lost[64];
    snprintf(params, sizeof params, "\"upTo\":%u", shim_the.events.last);
    rig_request(3001, "events.ack", params);
    rig_line();
    snprintf(lost, sizeof lost, "\"e\":\"lost\",\"counts\":{\"inpub\":%u}", sent - kept);
    assert_non_null(strstr(rig_line(), lost));
    flood(1);
    assert_non_null(strstr(rig_line(), "\"cb\":\"inpub\""));
    assert_int_equal(shim_the.losses[SHIM_CB_INPUB], 0);
}

static void a_window_of_the_size_that_hello_tells_is_never_lost(void **state)
{
    (void)state;
    char topic[SHIM_TOPIC_KEPT + 1];
    char payload[SHIM_PAYLOAD_KEPT];
    memset(topic, 't', sizeof topic - 1);
    topic[sizeof topic - 1] = '\0';
    memset(payload, 'p', sizeof payload);
    unsigned window = 0;
    rig_send("{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"hello\",\"params\":{\"nonce\":\"0000000000000002\",\"protocol\":\"1.0\",\"session\":null}}");
    const char *events = strstr(rig_line(), "\"events\":");
    assert_int_equal(sscanf(events, "\"events\":%u", &window), 1);
    assert_true(window > 100);
    rig_request(3, "mqtt.set_inpub_callback", "\"slot\":0,\"token\":7");
    rig_work();
    rig_request(4, "events.ack", "\"upTo\":2");
    rig_drain();

    for (unsigned i = 0; i < window; i++)
        memory_sdk_inpub(NULL, (int)i, topic, payload, sizeof payload);

    assert_int_equal(shim_the.losses[SHIM_CB_INPUB], 0);
    assert_int_equal(shim_the.events.last, 2 + 2 * window);
}

static void reserved_events_find_room_in_a_full_queue(void **state)
{
    (void)state;
    initialise(0);
    ask("mqtt.set_inpub_callback", "\"slot\":0,\"token\":7");
    ask("mqtt.publish", "\"slot\":0,\"token\":8,\"topic\":\"t\"");
    rig_request(2000, "mqtt.disconnect", "\"slot\":0,\"token\":9");
    rig_drain();
    flood(1000);
    uint32_t last = shim_the.events.last;

    rig_work();
    memory_sdk_callbacks(9);
    rig_request(2001, "reset", "");

    assert_int_equal(shim_the.events.last, last + 2 + 2 + 2 + 1);
    assert_int_equal(shim_the.losses[SHIM_CB_REQUEST] + shim_the.losses[SHIM_CB_DISCONNECT], 0);
}

static void what_happens_without_a_session_is_not_kept(void **state)
{
    (void)state;
    initialise(0);
    ask("mqtt.set_inpub_callback", "\"slot\":0,\"token\":7");
    ask("mqtt.connect", "\"slot\":0,\"token\":8,\"host\":\"h\"");
    ask("bye", "");
    rig_drain();

    memory_sdk_callbacks(9);
    flood(3);
    memory_sdk.exception(NULL);

    assert_null(rig_line());
    assert_int_equal(shim_the.events.last, 0);
    assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);
}

static void a_new_session_begins(void)
{
    memory_sdk.during_call = NULL;
    rig_send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"nonce\":\"00000000000000aa\",\"protocol\":\"1.0\",\"session\":null}}");
    rig_drain();
}

static void a_new_session_in_the_midst_of_a_call_loses_nothing_that_comes_after(void **state)
{
    (void)state;
    memory_sdk.during_call = a_new_session_begins;
    ask("mqtt.publish", "\"slot\":0,\"token\":7,\"topic\":\"t\"");
    memory_sdk_callbacks(1);
    assert_int_equal(shim_the.session.number, 2);
    assert_int_equal(shim_the.events.last, 3);
    assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);
}

static void a_leave_whose_enter_belongs_to_a_former_session_is_not_told(void **state)
{
    (void)state;
    initialise(0);
    ask("react.arm", "\"slot\":0,\"cb\":\"request\",\"calls\":[{\"method\":\"mqtt.is_connected\",\"params\":{\"token\":50}}]");
    ask("mqtt.publish", "\"slot\":0,\"token\":8,\"topic\":\"t\"");
    memory_sdk.during_call = a_new_session_begins;

    memory_sdk_callbacks(1);

    assert_int_equal(shim_the.session.number, 2);
    assert_int_equal(shim_the.events.last, 1);
    assert_non_null(strstr(rig_line(), "\"e\":\"ret\",\"token\":50"));
    assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);
}

static void of_two_reactions_the_older_fires(void **state)
{
    (void)state;
    initialise(0);
    for (int i = 0; i < 20; i++) {
        ask("react.arm", "\"slot\":0,\"cb\":\"request\",\"calls\":[{\"method\":\"mqtt.is_connected\",\"params\":{\"token\":50}}]");
        ask("react.arm", "\"slot\":0,\"cb\":\"request\",\"calls\":[{\"method\":\"mqtt.is_connected\",\"params\":{\"token\":51}}]");
        ask("mqtt.publish", "\"slot\":0,\"token\":8,\"topic\":\"t\"");
        rig_drain();
        memory_sdk_callbacks(1);
        assert_non_null(strstr(rig_line(), "\"token\":50"));
        ask("mqtt.publish", "\"slot\":0,\"token\":8,\"topic\":\"t\"");
        rig_drain();
        memory_sdk_callbacks(1);
        assert_non_null(strstr(rig_line(), "\"token\":51"));
        rig_send("{\"jsonrpc\":\"2.0\",\"method\":\"events.ack\",\"params\":{\"link\":1,\"upTo\":2}}");
    }
}

static void a_reaction_makes_its_calls_from_inside_the_callback(void **state)
{
    (void)state;
    initialise(0);
    assert_non_null(strstr(ask("react.arm", "\"slot\":0,\"cb\":\"request\",\"calls\":[{\"method\":\"mqtt.is_connected\",\"params\":{\"token\":50}},"
                                            "{\"method\":\"mqtt.deinit\",\"params\":{\"token\":51,\"slot\":0}}]"),
                           "\"result\":{\"reaction\":1}"));
    ask("mqtt.publish", "\"slot\":0,\"token\":8,\"topic\":\"t\"");
    rig_drain();

    memory_sdk_callbacks(1);

    expect_events("{\"seq\":5,\"t\":0,\"e\":\"enter\",\"cb\":\"request\",\"arg\":8,\"slot\":0,\"handle\":1,\"client\":\"same\",\"task\":2,\"err\":0},"
                  "{\"seq\":6,\"t\":0,\"e\":\"call\",\"token\":50,\"fn\":\"is_connected\",\"slot\":0,\"task\":2,\"in\":5},"
                  "{\"seq\":7,\"t\":0,\"e\":\"ret\",\"token\":50,\"fn\":\"is_connected\",\"slot\":0,\"task\":2,\"ret\":1,\"handle\":1},"
                  "{\"seq\":8,\"t\":0,\"e\":\"call\",\"token\":51,\"fn\":\"deinit\",\"slot\":0,\"task\":2,\"in\":5},"
                  "{\"seq\":9,\"t\":0,\"e\":\"ret\",\"token\":51,\"fn\":\"deinit\",\"slot\":0,\"task\":2,\"ret\":0,\"handle\":0},"
                  "{\"seq\":10,\"t\":0,\"e\":\"leave\",\"cb\":\"request\",\"enter\":5,\"task\":2}");
    assert_non_null(strstr(ask("react.disarm", "\"reaction\":1"), "\"result\":{\"fired\":1}"));
}

static void a_reaction_fires_as_often_as_it_was_asked_to_under_the_same_tokens(void **state)
{
    (void)state;
    initialise(0);
    ask("mqtt.set_inpub_callback", "\"slot\":0,\"token\":7");
    ask("react.arm", "\"slot\":0,\"cb\":\"inpub\",\"times\":2,\"calls\":[{\"method\":\"mqtt.is_connected\",\"params\":{\"token\":50}},"
                     "{\"method\":\"mqtt.is_connected\",\"params\":{\"token\":51}}]");
    rig_drain();
    unsigned before = memory_sdk.calls;

    flood(3);

    assert_int_equal(memory_sdk.calls - before, 4);
    const char *line = rig_line();
    for (int firing = 0; firing < 2; firing++) {
        line = strstr(line, "\"e\":\"call\",\"token\":50,");
        assert_non_null(line);
        line = strstr(line, "\"e\":\"call\",\"token\":51,");
        assert_non_null(line);
    }
    assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);
}

static void a_reaction_concerns_its_own_slot_and_callback_only(void **state)
{
    (void)state;
    initialise(0);
    initialise(1);
    ask("react.arm", "\"slot\":1,\"cb\":\"request\",\"calls\":[{\"method\":\"mqtt.is_connected\",\"params\":{\"token\":50}}]");
    ask("mqtt.publish", "\"slot\":0,\"token\":8,\"topic\":\"t\"");
    ask("mqtt.disconnect", "\"slot\":1,\"token\":9");
    unsigned before = memory_sdk.calls;
    memory_sdk_callbacks(9);
    assert_int_equal(memory_sdk.calls, before);
}

static void a_disarmed_reaction_gives_back_what_it_held(void **state)
{
    (void)state;
    ask("react.arm", "\"slot\":0,\"cb\":\"exception\",\"times\":16,\"calls\":[{\"method\":\"mqtt.connect\",\"params\":{\"token\":50,\"host\":\"h\",\"info\":{}}}]");
    assert_true(shim_the.events.reserved > shim_the.reserved_reset);

    assert_non_null(strstr(ask("react.disarm", "\"reaction\":1"), "\"result\":{\"fired\":0}"));

    assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);
    assert_non_null(strstr(ask("react.disarm", "\"reaction\":9"), "\"data\":\"reaction\""));
    memory_sdk_inpub(NULL, 1, "t", "p", 1);
}

static void reactions_end_with_their_session(void **state)
{
    (void)state;
    ask("react.arm", "\"slot\":0,\"cb\":\"exception\",\"calls\":[{\"method\":\"mqtt.is_connected\",\"params\":{\"token\":50}}]");
    rig_send("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"nonce\":\"00000000000000aa\",\"protocol\":\"1.0\",\"session\":null}}");
    assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);
    rig_drain();
    rig_request(2, "react.disarm", "\"reaction\":1");
    assert_non_null(strstr(rig_line(), "\"data\":\"reaction\""));
}

static void a_reaction_that_is_not_right_is_refused_and_holds_nothing(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"\"slot\":6,\"cb\":\"request\",\"calls\":[{\"method\":\"mqtt.deinit\",\"params\":{\"token\":1}}]", "NO_SUCH_SLOT"},
        {"\"slot\":0,\"cb\":\"ret\",\"calls\":[{\"method\":\"mqtt.deinit\",\"params\":{\"token\":1}}]", "\"data\":\"cb\""},
        {"\"slot\":0,\"cb\":\"request\",\"calls\":[]", "\"data\":\"calls\""},
        {"\"slot\":0,\"cb\":\"request\",\"calls\":[1]", "\"data\":\"calls\""},
        {"\"slot\":0,\"cb\":\"request\",\"calls\":{}", "\"data\":\"calls\""},
        {"\"slot\":0,\"cb\":\"request\",\"calls\":[1,2,3,4,5]", "\"data\":\"calls\""},
        {"\"slot\":0,\"cb\":\"request\",\"times\":17,\"calls\":[1]", "\"data\":\"times\""},
        {"\"slot\":0,\"cb\":\"request\",\"calls\":[{\"method\":\"clock.read\",\"params\":{}}]", "\"data\":\"method\""},
        {"\"slot\":0,\"cb\":\"request\",\"calls\":[{\"method\":\"mqtt.deinit\",\"params\":[]}]", "\"data\":\"params\""},
        {"\"slot\":0,\"cb\":\"request\",\"calls\":[{\"method\":\"mqtt.deinit\"}]", "\"data\":\"params\""},
        {"\"slot\":0,\"cb\":\"request\",\"calls\":[{\"method\":\"mqtt.deinit\",\"params\":{\"token\":1}},{\"method\":\"mqtt.init\",\"params\":{\"token\":2}}]", "\"data\":\"cid\""},
        {"\"slot\":0,\"cb\":\"request\",\"calls\":[{\"method\":\"mqtt.deinit\",\"params\":{\"token\":4}},{\"method\":\"mqtt.deinit\",\"params\":{\"token\":4}}]", "\"data\":\"token\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_non_null(strstr(ask("react.arm", cases[i][0]), cases[i][1]));
        assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);
    }
}

static void sixteen_reactions_are_armed_and_no_more(void **state)
{
    (void)state;
    for (int i = 0; i <= SHIM_REACTIONS; i++) {
        char params[128];
        snprintf(params, sizeof params, "\"slot\":0,\"cb\":\"exception\",\"calls\":[{\"method\":\"mqtt.is_connected\",\"params\":{\"token\":%d}}]", 50 + i);
        assert_non_null(strstr(ask("react.arm", params), i < SHIM_REACTIONS ? "\"reaction\"" : "\"BUSY\""));
    }
}

static void tasks_are_numbered_as_they_appear(void **state)
{
    (void)state;
    for (unsigned i = 0; i < SHIM_TASKS + 8; i++) {
        char params[64];
        char member[32];
        unsigned number = i < SHIM_TASKS ? i + 1 : SHIM_TASKS;
        memory_sdk.task = 1000 + i;
        snprintf(params, sizeof params, "\"slot\":0,\"token\":%u", 10 + i);
        ask("mqtt.is_connected", params);
        snprintf(member, sizeof member, "\"task\":%u}", number);
        assert_non_null(strstr(rig_line(), member));
    }
}

#define OPENED(test) cmocka_unit_test_setup_teardown(test, open_rig, rig_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OPENED(every_callback_tells_when_it_is_entered_and_left),
        OPENED(a_callback_before_the_return_of_its_call_is_told_before_it),
        OPENED(a_callback_that_comes_twice_is_told_twice),
        OPENED(the_client_pointer_of_a_callback_is_told_for_what_it_is),
        OPENED(a_received_payload_can_be_read_whole),
        OPENED(leaving_tells_whether_the_message_is_still_what_it_was),
        OPENED(null_topics_and_payloads_are_told),
        OPENED(what_finds_no_room_is_counted_exactly_and_told_when_there_is_room),
        OPENED(a_window_of_the_size_that_hello_tells_is_never_lost),
        OPENED(reserved_events_find_room_in_a_full_queue),
        OPENED(what_happens_without_a_session_is_not_kept),
        OPENED(a_new_session_in_the_midst_of_a_call_loses_nothing_that_comes_after),
        OPENED(a_leave_whose_enter_belongs_to_a_former_session_is_not_told),
        OPENED(of_two_reactions_the_older_fires),
        OPENED(a_reaction_makes_its_calls_from_inside_the_callback),
        OPENED(a_reaction_fires_as_often_as_it_was_asked_to_under_the_same_tokens),
        OPENED(a_reaction_concerns_its_own_slot_and_callback_only),
        OPENED(a_disarmed_reaction_gives_back_what_it_held),
        OPENED(reactions_end_with_their_session),
        OPENED(a_reaction_that_is_not_right_is_refused_and_holds_nothing),
        OPENED(sixteen_reactions_are_armed_and_no_more),
        OPENED(tasks_are_numbered_as_they_appear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
