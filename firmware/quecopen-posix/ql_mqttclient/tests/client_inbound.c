/* Messages from the server, illegal packets, and the keep-alive. */
#include <pthread.h>
#include <semaphore.h>
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
static int tag;

static sem_t at_gate;

static int open_session(void **state)
{
    (void)state;
    sem_init(&at_gate, 0, 0);
    use_options("");
    peer_open(&peer);
    bring_up(&peer, &client, NULL);
    assert_int_equal(ql_mqtt_set_inpub_callback(&client, on_message, &tag), MQTTCLIENT_SUCCESS);
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

static void restart(const char *settings, unsigned short keep_alive)
{
    struct mqtt_connect_client_info_t info = plain_info("c");
    info.keep_alive = keep_alive;
    take_down(&client);
    use_options(settings);
    bring_up(&peer, &client, &info);
}

static void expect_message(const char *topic, int id, const char *payload)
{
    struct callback told = recorder_expect(HEARD_MESSAGE, 0);
    assert_int_equal(told.handle, client);
    assert_string_equal(told.topic, topic);
    assert_int_equal(told.id, id);
    assert_int_equal(told.length, strlen(payload));
    assert_memory_equal(told.payload, payload, told.length);
    assert_true(told.has_payload);
}

static void messages_are_delivered_and_acknowledged_by_their_qos(void **state)
{
    (void)state;
    PEER_SEND(&peer, 0x30, 4, 0, 1, 't', 'x', 0x32, 6, 0, 1, 't', 0x12, 0x34, 'y', 0x35, 5, 0, 1, 'u', 0, 7);
    PEER_EXPECT(&peer, 0x40, 2, 0x12, 0x34);
    PEER_EXPECT(&peer, 0x50, 2, 0, 7);
    expect_message("t", 0, "x");
    expect_message("t", 0x1234, "y");
    expect_message("u", 7, "");
    PEER_SEND(&peer, 0x62, 2, 0, 7, 0x62, 2, 0, 8);
    PEER_EXPECT(&peer, 0x70, 2, 0, 7);
    PEER_EXPECT(&peer, 0x70, 2, 0, 8);
}

static void qos_1_sent_twice_is_two_messages_and_qos_2_is_one(void **state)
{
    (void)state;
    PEER_SEND(&peer, 0x32, 6, 0, 1, 't', 0, 1, 'a', 0x3a, 6, 0, 1, 't', 0, 1, 'a');
    PEER_SEND(&peer, 0x34, 6, 0, 1, 't', 0, 2, 'b', 0x3c, 6, 0, 1, 't', 0, 2, 'b', 0x34, 6, 0, 1, 't', 0, 2, 'c');
    for (int i = 0; i < 2; i++)
        PEER_EXPECT(&peer, 0x40, 2, 0, 1);
    for (int i = 0; i < 3; i++)
        PEER_EXPECT(&peer, 0x50, 2, 0, 2);
    PEER_SEND(&peer, 0x62, 2, 0, 2, 0x34, 6, 0, 1, 't', 0, 2, 'd');
    PEER_EXPECT(&peer, 0x70, 2, 0, 2);
    PEER_EXPECT(&peer, 0x50, 2, 0, 2);
    expect_message("t", 1, "a");
    expect_message("t", 1, "a");
    expect_message("t", 2, "b");
    expect_message("t", 2, "d");
}

static void a_session_that_goes_on_knows_which_qos_2_message_it_has_delivered(void **state)
{
    struct mqtt_connect_client_info_t info = plain_info("c");
    (void)state;
    info.clean_session = 0;
    take_down(&client);
    bring_up(&peer, &client, &info);
    PEER_SEND(&peer, 0x34, 6, 0, 1, 't', 0, 2, 'b');
    PEER_EXPECT(&peer, 0x50, 2, 0, 2);
    expect_message("t", 2, "b");
    peer_fin(&peer);
    recorder_expect(HEARD_EXCEPTION, 0);

    assert_int_equal(ql_mqtt_connect(&client, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_WOUNDBLOCK);
    peer_accept(&peer);
    uint8_t packet[64];
    peer_read(&peer, packet, sizeof packet);
    PEER_SEND(&peer, 0x20, 2, 1, 0, 0x3c, 6, 0, 1, 't', 0, 2, 'b', 0x30, 4, 0, 1, 't', 'n');
    PEER_EXPECT(&peer, 0x50, 2, 0, 2);
    recorder_expect(HEARD_CONNECTION, 0);
    expect_message("t", 0, "n");
}

static void packets_split_anywhere_are_the_same_packets(void **state)
{
    static const uint8_t bytes[] = { 0x30, 4, 0, 1, 't', 'x', 0x32, 7, 0, 2, 't', 'u', 0, 9, 'y', 0x90, 3, 0, 1, 1 };
    (void)state;
    for (size_t cut = 1; cut < sizeof bytes; cut++) {
        peer_send(&peer, bytes, cut);
        peer_send(&peer, bytes + cut, sizeof bytes - cut);
        PEER_EXPECT(&peer, 0x40, 2, 0, 9);
        expect_message("t", 0, "x");
        expect_message("tu", 9, "y");
    }
}

static void a_message_follows_the_connection_callback_even_in_one_segment(void **state)
{
    const struct mqtt_connect_client_info_t info = plain_info("c");
    uint8_t packet[64];
    (void)state;
    take_down(&client);
    assert_int_equal(ql_mqtt_client_init(&client, 1), 0);
    assert_int_equal(ql_mqtt_set_inpub_callback(&client, on_message, &tag), 0);
    assert_int_equal(ql_mqtt_connect(&client, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_WOUNDBLOCK);
    peer_accept(&peer);
    peer_read(&peer, packet, sizeof packet);
    PEER_SEND(&peer, 0x20, 2, 0, 0, 0x30, 4, 0, 1, 't', 'x');
    recorder_expect(HEARD_CONNECTION, 0);
    expect_message("t", 0, "x");
}

static void unheard_messages_are_acknowledged_all_the_same(void **state)
{
    (void)state;
    assert_int_equal(ql_mqtt_set_inpub_callback(&client, NULL, NULL), MQTTCLIENT_SUCCESS);
    PEER_SEND(&peer, 0x32, 6, 0, 1, 't', 0, 1, 'a', 0x34, 6, 0, 1, 't', 0, 2, 'b');
    PEER_EXPECT(&peer, 0x40, 2, 0, 1);
    PEER_EXPECT(&peer, 0x50, 2, 0, 2);
    assert_int_equal(recorder_left(), 0);
}

static uint8_t *message_of(size_t payload, size_t *size)
{
    const size_t remaining = 3 + payload;
    uint8_t *packet = calloc(1, 5 + remaining);
    size_t at = 0;
    assert_non_null(packet);
    packet[at++] = 0x30;
    for (size_t left = remaining; left > 0 || at == 1; left >>= 7)
        packet[at++] = (uint8_t)((left & 0x7f) | (left > 0x7f ? 0x80 : 0));
    memcpy(packet + at, "\x00\x01t", 3);
    memset(packet + at + 3, 'p', payload);
    *size = at + remaining;
    return packet;
}

static void the_largest_message_is_whole_and_a_larger_one_ends_the_connection(void **state)
{
    size_t size;
    (void)state;
    uint8_t *packet = message_of(65535, &size);
    peer_send(&peer, packet, size);
    struct callback told = recorder_expect(HEARD_MESSAGE, 0);
    assert_int_equal(told.length, 65535);
    for (size_t i = 0; i < told.length; i++)
        assert_int_equal(told.payload[i], 'p');
    free(packet);

    packet = message_of(65536, &size);
    peer_send(&peer, packet, size);
    recorder_expect(HEARD_EXCEPTION, 0);
    free(packet);
}

static void the_receive_limit_is_the_remaining_length(void **state)
{
    size_t size;
    (void)state;
    restart("rx_max=1000", 0);
    uint8_t *packet = message_of(997, &size);
    peer_send(&peer, packet, size);
    assert_int_equal(recorder_expect(HEARD_MESSAGE, 0).length, 997);
    free(packet);
    PEER_SEND(&peer, 0x30, 0xe9, 0x07); /* 1001: known to be too much before it comes */
    recorder_expect(HEARD_EXCEPTION, 0);
    peer_expect_end(&peer);
}

static void a_burst_is_delivered_in_order_and_acknowledged_in_order(void **state)
{
    enum { MESSAGES = 300 };
    (void)state;
    for (int i = 1; i <= MESSAGES; i++)
        PEER_SEND(&peer, 0x32, 6, 0, 1, 't', (uint8_t)(i >> 8), (uint8_t)i, 'm');
    for (int i = 1; i <= MESSAGES; i++) {
        PEER_EXPECT(&peer, 0x40, 2, (uint8_t)(i >> 8), (uint8_t)i);
        expect_message("t", i, "m");
    }
}

static void every_illegal_packet_ends_the_connection_with_one_exception(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } packets[] = {
        { "\x00\x00", 2 },         { "\xf0\x00", 2 },         { "\x10\x00", 2 },     { "\xe0\x00", 2 },     { "\x41\x02\x00\x01", 4 },
        { "\x60\x02\x00\x01", 4 }, { "\x36\x03\x00\x01t", 5 }, { "\x30\xff\xff\xff\xff\x7f", 6 }, { "\x32\x05\x00\x01t\x00\x00", 7 },
        { "\x40\x02\x00\x00", 4 }, { "\x30\x03\x00\x05t", 5 }, { "\xd1\x00", 2 },     { "HTTP/1.1", 8 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof packets / sizeof packets[0]; i++) {
        PEER_SEND(&peer, 0x30, 4, 0, 1, 't', 'v');
        peer_send(&peer, packets[i].bytes, packets[i].length);
        expect_message("t", 0, "v");
        assert_int_equal(recorder_expect(HEARD_EXCEPTION, 0).connected, 0);
        peer_expect_end(&peer);
        restart("", 0);
    }
}

static void half_a_message_is_never_delivered(void **state)
{
    (void)state;
    PEER_SEND(&peer, 0x30, 9, 0, 1, 't', 'h', 'a', 'l');
    peer_fin(&peer);
    recorder_expect(HEARD_EXCEPTION, 0);
}

static void pingreq_keeps_the_session_alive_and_inbound_traffic_does_not(void **state)
{
    (void)state;
    restart("ping_lead_percent=90", 1);
    for (int i = 0; i < 2; i++) {
        PEER_SEND(&peer, 0x30, 4, 0, 1, 't', 'x');
        PEER_EXPECT(&peer, 0xc0, 0);
        PEER_SEND(&peer, 0xd0, 0);
        expect_message("t", 0, "x");
    }
    PEER_SEND(&peer, 0xd0, 0); /* unasked: no reason to go */
    assert_int_equal(ql_mqtt_publish(&client, "t", "x", 1, 0, 0, on_request, NULL), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x30, 4, 0, 1, 't', 'x');
    recorder_expect(HEARD_REQUEST, 0);
}

static void a_missing_pingresp_is_one_exception(void **state)
{
    (void)state;
    restart("ping_lead_percent=90;ping_ms=50", 1);
    PEER_EXPECT(&peer, 0xc0, 0);
    recorder_expect(HEARD_EXCEPTION, 0);
    peer_expect_end(&peer);
}

static void a_pingresp_is_not_awaited_for_longer_than_the_keep_alive(void **state)
{
    (void)state;
    restart("ping_lead_percent=90;ping_ms=600000", 1);
    PEER_EXPECT(&peer, 0xc0, 0);
    recorder_expect(HEARD_EXCEPTION, 0);
    peer_expect_end(&peer);
}

/* xorshift32: the seed names the whole sequence. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

/* Mostly well-formed lengths behind any first byte, so that what follows the fixed header is reached. */
static size_t make_packet(uint32_t *seed, uint8_t *packet)
{
    size_t length = next_random(seed) % 24;
    for (size_t i = 0; i < length + 2; i++)
        packet[i] = (uint8_t)next_random(seed);
    if (next_random(seed) % 8 != 0)
        packet[1] = (uint8_t)length;
    if (next_random(seed) % 2 == 0 && length > 2)
        packet[2] = 0; /* a topic length or packet id that is likely to fit */
    return length + 2;
}

static void whatever_a_server_sends_the_session_ends_once_and_cleanly(void **state)
{
    uint32_t seed = 20211127;
    (void)state;
    for (int round = 0; round < 300; round++) {
        uint8_t bytes[8 * 26];
        size_t length = 0;
        for (int i = 0; i < 8; i++)
            length += make_packet(&seed, bytes + length);
        assert_int_equal(ql_mqtt_publish(&client, "t", "x", 1, 1, 0, NULL, NULL), MQTTCLIENT_SUCCESS);
        peer_send(&peer, bytes, length);
        peer_shutdown(&peer);
        while (recorder_next().kind == HEARD_MESSAGE)
            ;
        restart("", 0);
    }
}

/* A callback that waits until the test lets it go. */
static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;

static void wait_at_gate(mqtt_client_t *unused)
{
    (void)unused;
    sem_post(&at_gate);
    pthread_mutex_lock(&gate);
    pthread_mutex_unlock(&gate);
}

static void the_keep_alive_goes_on_while_the_application_is_busy(void **state)
{
    (void)state;
    restart("ping_lead_percent=90;ping_ms=50;delivery_max=1", 1);
    recorder_react(HEARD_MESSAGE, wait_at_gate);
    pthread_mutex_lock(&gate);
    PEER_SEND(&peer, 0x30, 4, 0, 1, 't', 'x', 0x30, 4, 0, 1, 't', 'y');
    PEER_EXPECT(&peer, 0xc0, 0);
    PEER_SEND(&peer, 0xd0, 0);
    /* The answer lies unread behind the second message; nobody may take it for missing. */
    PEER_EXPECT(&peer, 0xc0, 0);
    pthread_mutex_unlock(&gate);
    expect_message("t", 0, "x");
    expect_message("t", 0, "y");
    PEER_SEND(&peer, 0xd0, 0);
}

static void a_busy_application_slows_the_server_and_loses_nothing(void **state)
{
    enum { MESSAGES = 2000 };
    (void)state;
    restart("delivery_max=4", 0);
    recorder_react(HEARD_MESSAGE, wait_at_gate);
    pthread_mutex_lock(&gate);
    for (int i = 0; i < MESSAGES; i++)
        PEER_SEND(&peer, 0x30, 4, 0, 1, 't', 'x');
    peer_fin(&peer);
    pthread_mutex_unlock(&gate);
    for (int i = 0; i < MESSAGES; i++)
        expect_message("t", 0, "x");
    recorder_expect(HEARD_EXCEPTION, 0);
}

static void a_disconnect_arrives_though_the_client_leaves_bytes_unread(void **state)
{
    static const uint8_t much[4096];
    (void)state;
    restart("delivery_max=1", 0);
    recorder_react(HEARD_MESSAGE, wait_at_gate);
    pthread_mutex_lock(&gate);
    PEER_SEND(&peer, 0x30, 4, 0, 1, 't', 'x', 0x30, 0x80, 0x20, 0, 1, 't');
    peer_send(&peer, much, sizeof much);
    sem_wait(&at_gate);
    assert_int_equal(ql_mqtt_disconnect(&client, on_disconnection, NULL), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0xe0, 0);
    peer_expect_end(&peer);
    pthread_mutex_unlock(&gate);
    expect_message("t", 0, "x");
    recorder_expect(HEARD_DISCONNECTION, 0);
}

int main(void)
{
#define SESSION_TEST(name) cmocka_unit_test_setup_teardown(name, open_session, end_session)
    const struct CMUnitTest tests[] = {
        SESSION_TEST(messages_are_delivered_and_acknowledged_by_their_qos),
        SESSION_TEST(qos_1_sent_twice_is_two_messages_and_qos_2_is_one),
        SESSION_TEST(a_session_that_goes_on_knows_which_qos_2_message_it_has_delivered),
        SESSION_TEST(packets_split_anywhere_are_the_same_packets),
        SESSION_TEST(a_message_follows_the_connection_callback_even_in_one_segment),
        SESSION_TEST(unheard_messages_are_acknowledged_all_the_same),
        SESSION_TEST(the_largest_message_is_whole_and_a_larger_one_ends_the_connection),
        SESSION_TEST(the_receive_limit_is_the_remaining_length),
        SESSION_TEST(a_burst_is_delivered_in_order_and_acknowledged_in_order),
        SESSION_TEST(every_illegal_packet_ends_the_connection_with_one_exception),
        SESSION_TEST(half_a_message_is_never_delivered),
        SESSION_TEST(whatever_a_server_sends_the_session_ends_once_and_cleanly),
        SESSION_TEST(pingreq_keeps_the_session_alive_and_inbound_traffic_does_not),
        SESSION_TEST(a_missing_pingresp_is_one_exception),
        SESSION_TEST(a_pingresp_is_not_awaited_for_longer_than_the_keep_alive),
        SESSION_TEST(the_keep_alive_goes_on_while_the_application_is_busy),
        SESSION_TEST(a_disconnect_arrives_though_the_client_leaves_bytes_unread),
        SESSION_TEST(a_busy_application_slows_the_server_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
