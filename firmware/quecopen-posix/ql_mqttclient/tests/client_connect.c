/* Connecting, refusals, losses and disconnecting, against a scripted server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "recorder.h"
#include "setup.h"

static struct peer peer;
static mqtt_client_t client;

static int open_peer(void **state)
{
    (void)state;
    use_options("");
    peer_open(&peer);
    return 0;
}

static int close_peer(void **state)
{
    (void)state;
    peer_close(&peer);
    return 0;
}

static void start_connect(void)
{
    const struct mqtt_connect_client_info_t info = plain_info("c");
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_connect(&client, peer.url, on_connection, &client, &info, on_exception), MQTTCLIENT_WOUNDBLOCK);
}

static void await_connect(void)
{
    start_connect();
    peer_accept(&peer);
    PEER_EXPECT(&peer, 0x10, 0x0d, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'c');
}

static void a_session_comes_up_and_is_ended_by_a_disconnect_packet(void **state)
{
    await_connect();
    assert_int_equal(ql_mqtt_client_is_connected(&client), 0);
    PEER_SEND(&peer, 0x20, 2, 0, 0);
    struct callback told = recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_ACCEPTED);
    assert_ptr_equal(told.arg, &client);
    assert_int_equal(told.handle, client);
    assert_int_equal(told.connected, 1);

    assert_int_equal(ql_mqtt_disconnect(&client, on_disconnection, &peer), MQTTCLIENT_WOUNDBLOCK);

    (void)state;
    PEER_EXPECT(&peer, 0xe0, 0);
    peer_expect_end(&peer);
    told = recorder_expect(HEARD_DISCONNECTION, 0);
    assert_ptr_equal(told.arg, &peer);
    assert_int_equal(told.connected, 0);
    take_down(&client);
    assert_int_equal(client, 0);
}

static void refusals_are_told_as_they_are(void **state)
{
    (void)state;
    for (uint8_t code = 1; code <= 5; code++) {
        await_connect();
        PEER_SEND(&peer, 0x20, 2, 0, code);
        assert_int_equal(recorder_expect(HEARD_CONNECTION, code).connected, 0);
        peer_expect_end(&peer);
        take_down(&client);
    }
}

static void reserved_codes_are_not_passed_up(void **state)
{
    static const uint8_t codes[] = { 6, 127, 254, 255 };
    (void)state;
    for (size_t i = 0; i < sizeof codes; i++) {
        await_connect();
        PEER_SEND(&peer, 0x20, 2, 0, codes[i]);
        recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_DISCONNECTED);
        peer_expect_end(&peer);
        take_down(&client);
    }
}

static void an_answer_that_is_no_connack_ends_the_attempt(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } answers[] = { { "\x30\x03\x00\x01t", 5 }, { "\xd0\x00", 2 }, { "\x20\x03\x00\x00\x00", 5 }, { "\x20\x02\x80\x00", 4 }, { "HTTP", 4 } };
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        await_connect();
        peer_send(&peer, answers[i].bytes, answers[i].length);
        recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_DISCONNECTED);
        peer_expect_end(&peer);
        take_down(&client);
    }
}

static void a_close_before_connack_is_told_as_disconnected(void **state)
{
    (void)state;
    await_connect();
    peer_fin(&peer);
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_DISCONNECTED);
    take_down(&client);

    await_connect();
    PEER_SEND(&peer, 0x20, 2);
    peer_rst(&peer);
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_DISCONNECTED);
    take_down(&client);
}

static void silence_is_told_as_a_time_out(void **state)
{
    (void)state;
    use_options("connack_ms=80");
    await_connect();
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_TIMEOUT);
    peer_expect_end(&peer);
    take_down(&client);
}

static void a_closed_port_is_a_tcp_failure(void **state)
{
    (void)state;
    peer_close(&peer);
    start_connect();
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    take_down(&client);
}

static void an_unknown_name_is_a_tcp_failure(void **state)
{
    (void)state;
    snprintf(peer.url, sizeof peer.url, "mqtt://no-such-host.invalid:1");
    start_connect();
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    take_down(&client);
}

static void a_name_is_looked_up(void **state)
{
    (void)state;
    snprintf(peer.url, sizeof peer.url, "localhost:%u", (unsigned)peer.port);
    await_connect();
    PEER_SEND(&peer, 0x20, 2, 0, 0);
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_ACCEPTED);
    take_down(&client);
}

static void connack_split_into_bytes_is_one_connack(void **state)
{
    (void)state;
    await_connect();
    for (size_t i = 0; i < 4; i++)
        peer_send(&peer, &(const uint8_t[]){ 0x20, 2, 0, 0 }[i], 1);
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_ACCEPTED);
    take_down(&client);
}

static void connack_then_fin_are_told_in_this_order(void **state)
{
    (void)state;
    await_connect();
    PEER_SEND(&peer, 0x20, 2, 0, 0);
    peer_fin(&peer);
    assert_int_equal(recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_ACCEPTED).connected, 1);
    assert_int_equal(recorder_expect(HEARD_EXCEPTION, 0).connected, 0);
    take_down(&client);
}

static void lose_with(void (*how)(struct peer *))
{
    bring_up(&peer, &client, NULL);
    how(&peer);
    assert_int_equal(recorder_expect(HEARD_EXCEPTION, 0).connected, 0);
    assert_int_equal(ql_mqtt_client_is_connected(&client), 0);
    assert_int_equal(ql_mqtt_disconnect(&client, on_disconnection, NULL), MQTTCLIENT_NOT_CONNECT);
    take_down(&client);
}

static void each_loss_is_one_exception(void **state)
{
    (void)state;
    lose_with(peer_fin);
    lose_with(peer_rst);
    lose_with(peer_shutdown);
}

static void after_a_loss_the_same_handle_connects_again(void **state)
{
    const struct mqtt_connect_client_info_t info = plain_info("c");
    (void)state;
    bring_up(&peer, &client, NULL);
    peer_fin(&peer);
    recorder_expect(HEARD_EXCEPTION, 0);

    assert_int_equal(ql_mqtt_connect(&client, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_WOUNDBLOCK);
    peer_accept(&peer);
    PEER_EXPECT(&peer, 0x10, 0x0d, 0, 4, 'M', 'Q', 'T', 'T', 4, 2, 0, 0, 0, 1, 'c');
    PEER_SEND(&peer, 0x20, 2, 0, 0);
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_ACCEPTED);
    take_down(&client);
    PEER_EXPECT(&peer, 0xe0, 0);
    peer_expect_end(&peer);
}

static void connect_again_from(mqtt_client_t *lost)
{
    const struct mqtt_connect_client_info_t info = plain_info("c");
    assert_int_equal(ql_mqtt_connect(lost, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_WOUNDBLOCK);
}

static void a_client_connects_again_from_inside_its_exception(void **state)
{
    (void)state;
    bring_up(&peer, &client, NULL);
    recorder_react(HEARD_EXCEPTION, connect_again_from);
    peer_fin(&peer);
    recorder_expect(HEARD_EXCEPTION, 0);
    peer_accept(&peer);
    PEER_SEND(&peer, 0x20, 2, 0, 0);
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_ACCEPTED);
    take_down(&client);
}

static void a_second_connect_is_refused_and_opens_nothing(void **state)
{
    const struct mqtt_connect_client_info_t info = plain_info("c");
    (void)state;
    await_connect();
    assert_int_equal(ql_mqtt_connect(&client, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_BAD_REQUEST);
    PEER_SEND(&peer, 0x20, 2, 0, 0);
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_ACCEPTED);
    assert_int_equal(ql_mqtt_connect(&client, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_BAD_REQUEST);
    assert_int_equal(ql_mqtt_disconnect(&client, on_disconnection, NULL), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0xe0, 0);
    assert_int_equal(ql_mqtt_disconnect(&client, on_disconnection, NULL), MQTTCLIENT_NOT_CONNECT);
    recorder_expect(HEARD_DISCONNECTION, 0);
    take_down(&client);
}

static void a_second_connack_is_a_protocol_error(void **state)
{
    (void)state;
    bring_up(&peer, &client, NULL);
    PEER_SEND(&peer, 0x20, 2, 0, 0);
    recorder_expect(HEARD_EXCEPTION, 0);
    peer_expect_end(&peer);
    take_down(&client);
}

static void strings_may_change_once_connect_has_returned(void **state)
{
    char id[] = "id";
    char user[] = "user";
    char password[] = "pass";
    char topic[] = "w";
    char message[] = "gone";
    char url[64];
    struct mqtt_connect_client_info_t info = { .client_id = id,
                                               .client_user = user,
                                               .client_pass = password,
                                               .keep_alive = 30,
                                               .will_topic = topic,
                                               .will_msg = message,
                                               .will_qos = 1,
                                               .will_retain = 1 };
    (void)state;
    snprintf(url, sizeof url, "%s", peer.url);
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);

    assert_int_equal(ql_mqtt_connect(&client, url, on_connection, NULL, &info, on_exception), MQTTCLIENT_WOUNDBLOCK);
    char *strings[] = { id, user, password, topic, message, url };
    for (size_t i = 0; i < sizeof strings / sizeof strings[0]; i++)
        memset(strings[i], 0xa5, strlen(strings[i]));
    memset(&info, 0xa5, sizeof info);

    peer_accept(&peer);
    PEER_EXPECT(&peer, 0x10, 0x23, 0, 4, 'M', 'Q', 'T', 'T', 4, 0xec, 0, 30, 0, 2, 'i', 'd', 0, 1, 'w', 0, 4, 'g', 'o', 'n', 'e', 0, 4, 'u', 's', 'e',
                'r', 0, 4, 'p', 'a', 's', 's');
    PEER_SEND(&peer, 0x20, 2, 0, 0);
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_ACCEPTED);
    take_down(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_session_comes_up_and_is_ended_by_a_disconnect_packet, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(refusals_are_told_as_they_are, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(reserved_codes_are_not_passed_up, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(an_answer_that_is_no_connack_ends_the_attempt, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(a_close_before_connack_is_told_as_disconnected, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(silence_is_told_as_a_time_out, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(a_closed_port_is_a_tcp_failure, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(an_unknown_name_is_a_tcp_failure, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(a_name_is_looked_up, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(connack_split_into_bytes_is_one_connack, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(connack_then_fin_are_told_in_this_order, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(each_loss_is_one_exception, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(after_a_loss_the_same_handle_connects_again, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(a_client_connects_again_from_inside_its_exception, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(a_second_connect_is_refused_and_opens_nothing, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(a_second_connack_is_a_protocol_error, open_peer, close_peer),
        cmocka_unit_test_setup_teardown(strings_may_change_once_connect_has_returned, open_peer, close_peer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
