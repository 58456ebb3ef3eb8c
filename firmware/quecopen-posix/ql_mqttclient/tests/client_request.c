/* Publish, subscribe, unsubscribe: return codes, packets, completion, time-outs, losses. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "recorder.h"
#include "setup.h"

static struct peer peer;
static mqtt_client_t client;
static int tags[8];

static int open_session(void **state)
{
    (void)state;
    use_options("");
    peer_open(&peer);
    bring_up(&peer, &client, NULL);
    return 0;
}

static int end_session(void **state)
{
    (void)state;
    if (client != 0)
        take_down(&client);
    peer_close(&peer);
    return 0;
}

static int publish(uint8_t qos, int *tag)
{
    return ql_mqtt_publish(&client, "t", "x", 1, qos, 0, on_request, tag);
}

static int subscribe(const char *filter, int *tag)
{
    return ql_mqtt_sub_unsub(&client, filter, 1, on_request, tag, 1);
}

static void expect_request(const int *tag, int err)
{
    struct callback told = recorder_expect(HEARD_REQUEST, err);
    assert_ptr_equal(told.arg, tag);
    assert_int_equal(told.handle, client);
}

static void qos_0_is_done_once_it_is_sent(void **state)
{
    (void)state;
    assert_int_equal(ql_mqtt_publish(&client, "t", NULL, 0, 0, 1, on_request, &tags[0]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x31, 3, 0, 1, 't');
    expect_request(&tags[0], 0);
}

static void qos_1_is_done_at_its_puback_alone(void **state)
{
    (void)state;
    assert_int_equal(publish(1, &tags[0]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x32, 6, 0, 1, 't', 0, 1, 'x');
    assert_int_equal(subscribe("s", &tags[1]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x82, 6, 0, 2, 0, 1, 's', 1);

    /* Wrong kinds, an unknown id, and what belongs to the other request come first. */
    PEER_SEND(&peer, 0x50, 2, 0, 1, 0x70, 2, 0, 1, 0xb0, 2, 0, 1, 0x90, 3, 0, 1, 0, 0x40, 2, 0, 9, 0x40, 2, 0, 2, 0xb0, 2, 0, 2);
    PEER_SEND(&peer, 0x90, 3, 0, 2, 1);
    expect_request(&tags[1], 0);
    PEER_SEND(&peer, 0x40, 2, 0, 1, 0x40, 2, 0, 1);
    expect_request(&tags[0], 0);
}

static void qos_2_is_done_at_pubcomp(void **state)
{
    (void)state;
    assert_int_equal(publish(2, &tags[0]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x34, 6, 0, 1, 't', 0, 1, 'x');
    /* PUBCOMP out of turn and PUBACK complete nothing. */
    PEER_SEND(&peer, 0x70, 2, 0, 1, 0x40, 2, 0, 1, 0x50, 2, 0, 1);
    PEER_EXPECT(&peer, 0x62, 2, 0, 1);
    PEER_SEND(&peer, 0x50, 2, 0, 1);
    PEER_EXPECT(&peer, 0x62, 2, 0, 1);
    /* Callbacks keep their order: what comes after proves that nothing came before. */
    assert_int_equal(subscribe("s", &tags[1]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x82, 6, 0, 2, 0, 1, 's', 1);
    PEER_SEND(&peer, 0x90, 3, 0, 2, 1);
    expect_request(&tags[1], 0);
    PEER_SEND(&peer, 0x70, 2, 0, 1);
    expect_request(&tags[0], 0);
}

static void a_pubrec_for_an_unknown_id_is_answered(void **state)
{
    (void)state;
    PEER_SEND(&peer, 0x50, 2, 0x12, 0x34);
    PEER_EXPECT(&peer, 0x62, 2, 0x12, 0x34);
}

static void answers_in_any_order_find_their_request(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(publish(1, &tags[i]), MQTTCLIENT_WOUNDBLOCK);
        PEER_EXPECT(&peer, 0x32, 6, 0, 1, 't', 0, (uint8_t)(i + 1), 'x');
    }
    for (uint8_t i = 4; i > 0; i--) {
        PEER_SEND(&peer, 0x40, 2, 0, i);
        expect_request(&tags[i - 1], 0);
    }
}

static void a_fifth_request_is_refused_without_a_trace(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        assert_int_equal(publish(1, &tags[i]), MQTTCLIENT_WOUNDBLOCK);
        PEER_EXPECT(&peer, 0x32, 6, 0, 1, 't', 0, (uint8_t)(i + 1), 'x');
    }
    assert_int_equal(publish(0, &tags[4]), MQTTCLIENT_OUT_OF_MEM);
    assert_int_equal(publish(1, &tags[4]), MQTTCLIENT_OUT_OF_MEM);
    assert_int_equal(subscribe("s", &tags[4]), MQTTCLIENT_OUT_OF_MEM);
    PEER_SEND(&peer, 0x40, 2, 0, 1);
    expect_request(&tags[0], 0);
    assert_int_equal(subscribe("s", &tags[4]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x82, 6, 0, 5, 0, 1, 's', 1);
    PEER_SEND(&peer, 0x90, 3, 0, 5, 0x80);
    expect_request(&tags[4], MQTT_CONNECT_REFUSED_SERVER);
    for (uint8_t i = 2; i <= 4; i++) {
        PEER_SEND(&peer, 0x40, 2, 0, i);
        expect_request(&tags[i - 1], 0);
    }
}

static void unsubscribe_takes_any_qos_and_is_done_at_unsuback(void **state)
{
    (void)state;
    assert_int_equal(ql_mqtt_sub_unsub(&client, "a/+", 9, on_request, &tags[0], 0), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0xa2, 7, 0, 1, 0, 3, 'a', '/', '+');
    PEER_SEND(&peer, 0xb0, 2, 0, 1);
    expect_request(&tags[0], 0);
}

static void illegal_arguments_are_refused_and_send_nothing(void **state)
{
    static const char *const bad_names[] = { "", "#", "a/+", "a#", "\xff", "\xed\xa0\x80" };
    static const char *const bad_filters[] = { "", "a#", "#/a", "+a", "\xc0\x80" };
    char *long_topic = malloc(65537);
    (void)state;
    assert_non_null(long_topic);
    memset(long_topic, 'a', 65536);
    long_topic[65536] = '\0';
    for (size_t i = 0; i < sizeof bad_names / sizeof bad_names[0]; i++)
        assert_int_equal(ql_mqtt_publish(&client, bad_names[i], "x", 1, 0, 0, on_request, NULL), MQTTCLIENT_INVALID_PARAM);
    for (size_t i = 0; i < sizeof bad_filters / sizeof bad_filters[0]; i++)
        assert_int_equal(subscribe(bad_filters[i], NULL), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_publish(&client, long_topic, "x", 1, 0, 0, on_request, NULL), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_publish(NULL, "t", "x", 1, 0, 0, on_request, NULL), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_publish(&client, NULL, "x", 1, 0, 0, on_request, NULL), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_publish(&client, "t", NULL, 1, 0, 0, on_request, NULL), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(publish(3, NULL), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(publish(255, NULL), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_sub_unsub(&client, NULL, 0, on_request, NULL, 1), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_sub_unsub(&client, "t", 3, on_request, NULL, 1), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_sub_unsub(&client, "t", 0, on_request, NULL, 2), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_disconnect(NULL, on_disconnection, NULL), MQTTCLIENT_INVALID_PARAM);

    assert_int_equal(publish(0, &tags[0]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x30, 4, 0, 1, 't', 'x');
    expect_request(&tags[0], 0);
    free(long_topic);
}

static void the_largest_topic_and_payload_go_out_whole(void **state)
{
    enum { TEXT = 65535, SIZE = 1 + 3 + 2 + TEXT + 2 + TEXT };
    char *topic = malloc(TEXT + 1);
    uint8_t *payload = malloc(TEXT);
    uint8_t *packet = malloc(SIZE);
    (void)state;
    assert_true(topic != NULL && payload != NULL && packet != NULL);
    memset(topic, 't', TEXT);
    topic[TEXT] = '\0';
    memset(payload, 'p', TEXT);
    memcpy(packet, "\x32\x82\x80\x08\xff\xff", 6);
    packet[1] = 0x80;
    memset(packet + 6, 't', TEXT);
    memcpy(packet + 6 + TEXT, "\x00\x01", 2);
    memset(packet + 8 + TEXT, 'p', TEXT);
    const size_t remaining = 2 + TEXT + 2 + TEXT;
    packet[1] = (uint8_t)(0x80 | (remaining & 0x7f));
    packet[2] = (uint8_t)(0x80 | (remaining >> 7 & 0x7f));
    packet[3] = (uint8_t)(remaining >> 14);

    assert_int_equal(ql_mqtt_publish(&client, topic, payload, TEXT, 1, 0, on_request, &tags[0]), MQTTCLIENT_WOUNDBLOCK);
    memset(topic, 0xa5, TEXT);
    memset(payload, 0xa5, TEXT);

    peer_expect(&peer, packet, SIZE);
    PEER_SEND(&peer, 0x40, 2, 0, 1);
    expect_request(&tags[0], 0);
    free(topic);
    free(payload);
    free(packet);
}

static void an_unanswered_request_times_out_and_keeps_its_id(void **state)
{
    (void)state;
    take_down(&client);
    use_options("request_ms=60");
    bring_up(&peer, &client, NULL);
    assert_int_equal(publish(1, &tags[0]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x32, 6, 0, 1, 't', 0, 1, 'x');
    expect_request(&tags[0], MQTT_CONNECT_TIMEOUT);
    assert_int_equal(subscribe("s", &tags[1]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x82, 6, 0, 2, 0, 1, 's', 1);
    expect_request(&tags[1], MQTT_CONNECT_TIMEOUT);

    PEER_SEND(&peer, 0x40, 2, 0, 1, 0x90, 3, 0, 2, 0);
    assert_int_equal(publish(1, &tags[2]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x32, 6, 0, 1, 't', 0, 3, 'x');
    PEER_SEND(&peer, 0x40, 2, 0, 3);
    expect_request(&tags[2], 0);
}

static void a_publish_is_repeated_with_dup_as_often_as_it_may(void **state)
{
    (void)state;
    take_down(&client);
    use_options("request_ms=60;retries=2;err_enum=error");
    bring_up(&peer, &client, NULL);
    assert_int_equal(publish(1, &tags[0]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x32, 6, 0, 1, 't', 0, 1, 'x');
    PEER_EXPECT(&peer, 0x3a, 6, 0, 1, 't', 0, 1, 'x');
    PEER_EXPECT(&peer, 0x3a, 6, 0, 1, 't', 0, 1, 'x');
    expect_request(&tags[0], MQTTCLIENT_TIMEOUT);

    assert_int_equal(publish(2, &tags[1]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x34, 6, 0, 1, 't', 0, 2, 'x');
    PEER_EXPECT(&peer, 0x3c, 6, 0, 1, 't', 0, 2, 'x');
    PEER_SEND(&peer, 0x50, 2, 0, 2);
    PEER_EXPECT(&peer, 0x62, 2, 0, 2);
    PEER_EXPECT(&peer, 0x62, 2, 0, 2);
    expect_request(&tags[1], MQTTCLIENT_TIMEOUT);
}

static void a_loss_fails_what_is_pending_in_order_and_then_is_told(void **state)
{
    (void)state;
    assert_int_equal(publish(1, &tags[0]), MQTTCLIENT_WOUNDBLOCK);
    assert_int_equal(publish(2, &tags[1]), MQTTCLIENT_WOUNDBLOCK);
    assert_int_equal(subscribe("s", &tags[2]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x32, 6, 0, 1, 't', 0, 1, 'x');
    PEER_EXPECT(&peer, 0x34, 6, 0, 1, 't', 0, 2, 'x');
    PEER_EXPECT(&peer, 0x82, 6, 0, 3, 0, 1, 's', 1);
    peer_rst(&peer);
    for (int i = 0; i < 3; i++)
        expect_request(&tags[i], MQTT_CONNECT_DISCONNECTED);
    recorder_expect(HEARD_EXCEPTION, 0);
    assert_int_equal(publish(0, NULL), MQTTCLIENT_NOT_CONNECT);
    assert_int_equal(subscribe("s", NULL), MQTTCLIENT_NOT_CONNECT);
}

static void a_disconnect_fails_what_is_pending(void **state)
{
    (void)state;
    assert_int_equal(publish(1, &tags[0]), MQTTCLIENT_WOUNDBLOCK);
    assert_int_equal(ql_mqtt_disconnect(&client, on_disconnection, &tags[1]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x32, 6, 0, 1, 't', 0, 1, 'x');
    PEER_EXPECT(&peer, 0xe0, 0);
    peer_expect_end(&peer);
    expect_request(&tags[0], MQTT_CONNECT_DISCONNECTED);
    assert_ptr_equal(recorder_expect(HEARD_DISCONNECTION, 0).arg, &tags[1]);
}

static void the_other_answers_to_what_nobody_knows_can_be_chosen(void **state)
{
    (void)state;
    take_down(&client);
    use_options("err_enum=error;inflight_code=bad_request;max_inflight=1;loss_order=exception_first;sub_other=subscribe;null_cb=woundblock");
    bring_up(&peer, &client, NULL);
    assert_int_equal(ql_mqtt_sub_unsub(&client, "s", 0, on_request, &tags[0], 2), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x82, 6, 0, 1, 0, 1, 's', 0);
    assert_int_equal(publish(0, NULL), MQTTCLIENT_BAD_REQUEST);
    PEER_SEND(&peer, 0x90, 3, 0, 1, 0x80);
    expect_request(&tags[0], MQTTCLIENT_BAD_REQUEST);
    assert_int_equal(ql_mqtt_publish(&client, "t", "x", 1, 1, 0, NULL, NULL), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x32, 6, 0, 1, 't', 0, 2, 'x');
    PEER_SEND(&peer, 0x40, 2, 0, 2, 0x50, 2, 0, 9);
    PEER_EXPECT(&peer, 0x62, 2, 0, 9);
    assert_int_equal(publish(1, &tags[0]), MQTTCLIENT_WOUNDBLOCK);
    peer_fin(&peer);
    recorder_expect(HEARD_EXCEPTION, 0);
    expect_request(&tags[0], MQTTCLIENT_NOT_CONNECT);
}

static void without_a_callback_success_is_all_that_is_said(void **state)
{
    (void)state;
    assert_int_equal(ql_mqtt_publish(&client, "t", "x", 1, 0, 0, NULL, NULL), MQTTCLIENT_SUCCESS);
    PEER_EXPECT(&peer, 0x30, 4, 0, 1, 't', 'x');
    assert_int_equal(ql_mqtt_disconnect(&client, NULL, NULL), MQTTCLIENT_SUCCESS);
    PEER_EXPECT(&peer, 0xe0, 0);
    peer_expect_end(&peer);
}

/* The kept session: what happens to messages that were not acknowledged when the connection was lost. */

static void come_back(uint8_t clean, uint8_t connack_flags)
{
    struct mqtt_connect_client_info_t info = plain_info("c");
    info.clean_session = clean;
    assert_int_equal(ql_mqtt_connect(&client, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_WOUNDBLOCK);
    peer_accept(&peer);
    PEER_EXPECT(&peer, 0x10, 0x0d, 0, 4, 'M', 'Q', 'T', 'T', 4, (uint8_t)(clean != 0 ? 2 : 0), 0, 0, 0, 1, 'c');
    PEER_SEND(&peer, 0x20, 2, connack_flags, 0);
    recorder_expect(HEARD_CONNECTION, 0);
}

/* QoS 1 with id 1, QoS 2 with id 2 (PUBREC came), QoS 2 with id 3, QoS 1 with id 4; then the connection is lost. */
static void leave_messages_behind(void)
{
    struct mqtt_connect_client_info_t info = plain_info("c");
    info.clean_session = 0;
    take_down(&client);
    bring_up(&peer, &client, &info);
    static const uint8_t qos[] = { 1, 2, 2, 1 };
    for (int i = 0; i < 4; i++) {
        assert_int_equal(publish(qos[i], &tags[i]), MQTTCLIENT_WOUNDBLOCK);
        PEER_EXPECT(&peer, (uint8_t)(0x30 | qos[i] << 1), 6, 0, 1, 't', 0, (uint8_t)(i + 1), 'x');
    }
    PEER_SEND(&peer, 0x50, 2, 0, 2);
    PEER_EXPECT(&peer, 0x62, 2, 0, 2);
    peer_fin(&peer);
    for (int i = 0; i < 4; i++)
        expect_request(&tags[i], MQTT_CONNECT_DISCONNECTED);
    recorder_expect(HEARD_EXCEPTION, 0);
}

static void a_session_that_goes_on_sends_again_what_is_unacknowledged(void **state)
{
    (void)state;
    leave_messages_behind();
    come_back(0, 1);
    PEER_EXPECT(&peer, 0x62, 2, 0, 2);
    PEER_EXPECT(&peer, 0x3a, 6, 0, 1, 't', 0, 1, 'x');
    PEER_EXPECT(&peer, 0x3c, 6, 0, 1, 't', 0, 3, 'x');
    PEER_EXPECT(&peer, 0x3a, 6, 0, 1, 't', 0, 4, 'x');
    PEER_SEND(&peer, 0x40, 2, 0, 1, 0x70, 2, 0, 2, 0x50, 2, 0, 3);
    PEER_EXPECT(&peer, 0x62, 2, 0, 3);
    PEER_SEND(&peer, 0x70, 2, 0, 3);
    /* 4 is still open, so that the next ids are 5 and 6. */
    assert_int_equal(publish(1, &tags[0]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x32, 6, 0, 1, 't', 0, 5, 'x');
    PEER_SEND(&peer, 0x40, 2, 0, 5, 0x40, 2, 0, 4);
    expect_request(&tags[0], 0);
}

static void nothing_is_sent_again_when_the_session_is_gone(void **state)
{
    static const struct {
        uint8_t clean;
        uint8_t connack_flags;
    } ways[] = { { 0, 0 }, { 1, 0 } };
    (void)state;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
        leave_messages_behind();
        come_back(ways[i].clean, ways[i].connack_flags);
        assert_int_equal(publish(0, &tags[0]), MQTTCLIENT_WOUNDBLOCK);
        PEER_EXPECT(&peer, 0x30, 4, 0, 1, 't', 'x');
        expect_request(&tags[0], 0);
    }
}

/* Its SUBACK stands before the PUBACK, its callback comes after; a second SUBACK changes nothing. */
static void a_subscription_can_be_told_late(void **state)
{
    (void)state;
    take_down(&client);
    use_options("suback_lag_ms=100");
    bring_up(&peer, &client, NULL);
    assert_int_equal(subscribe("s", &tags[0]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x82, 6, 0, 1, 0, 1, 's', 1);
    assert_int_equal(publish(1, &tags[1]), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x32, 6, 0, 1, 't', 0, 2, 'x');
    PEER_SEND(&peer, 0x90, 3, 0, 1, 1, 0x90, 3, 0, 1, 0x80, 0x40, 2, 0, 2);
    expect_request(&tags[1], 0);
    expect_request(&tags[0], 0);
}

int main(void)
{
#define SESSION_TEST(name) cmocka_unit_test_setup_teardown(name, open_session, end_session)
    const struct CMUnitTest tests[] = {
        SESSION_TEST(qos_0_is_done_once_it_is_sent),
        SESSION_TEST(qos_1_is_done_at_its_puback_alone),
        SESSION_TEST(qos_2_is_done_at_pubcomp),
        SESSION_TEST(a_pubrec_for_an_unknown_id_is_answered),
        SESSION_TEST(answers_in_any_order_find_their_request),
        SESSION_TEST(a_fifth_request_is_refused_without_a_trace),
        SESSION_TEST(unsubscribe_takes_any_qos_and_is_done_at_unsuback),
        SESSION_TEST(illegal_arguments_are_refused_and_send_nothing),
        SESSION_TEST(the_largest_topic_and_payload_go_out_whole),
        SESSION_TEST(an_unanswered_request_times_out_and_keeps_its_id),
        SESSION_TEST(a_publish_is_repeated_with_dup_as_often_as_it_may),
        SESSION_TEST(a_loss_fails_what_is_pending_in_order_and_then_is_told),
        SESSION_TEST(a_disconnect_fails_what_is_pending),
        SESSION_TEST(the_other_answers_to_what_nobody_knows_can_be_chosen),
        SESSION_TEST(without_a_callback_success_is_all_that_is_said),
        SESSION_TEST(a_subscription_can_be_told_late),
        SESSION_TEST(a_session_that_goes_on_sends_again_what_is_unacknowledged),
        SESSION_TEST(nothing_is_sent_again_when_the_session_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
