/* What the later SDK generation adds: setopt, pkt_timeout, retry_times, and the longer ssl struct. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "broker.h"
#include "recorder.h"
#include "setup.h"

/* mbedTLS's bits of ignore_certitem. */
#define NOT_TRUSTED 0x08
#define NAME_MISMATCH 0x04
#define EXPIRED 0x01

static struct peer peer;
static mqtt_client_t client;
static bool has_broker;

static int start_all(void **state)
{
    (void)state;
    use_options("");
    has_broker = broker_start();
    return 0;
}

static int stop_all(void **state)
{
    (void)state;
    if (has_broker)
        broker_stop();
    return 0;
}

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
    if (client != 0)
        ql_mqtt_client_deinit(&client);
    peer_close(&peer);
    return 0;
}

static void options_are_taken_within_their_range_and_while_idle(void **state)
{
    mqtt_client_t stale = 4711;
    (void)state;
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_client_setopt(&client, MQTT_CLIENT_OPT_REC_BUF_MAX, MQTT_OPT_REC_BUF_MIN - 1), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_client_setopt(&client, MQTT_CLIENT_OPT_REC_BUF_MAX, MQTT_OPT_REC_BUF_MAX + 1), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_client_setopt(&client, MQTT_CLIENT_OPT_REC_BUF_MAX, MQTT_OPT_REC_BUF_MAX), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_client_setopt(&client, MQTT_CLIENT_OPT_VERSION, 5), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_client_setopt(&client, 3, 4), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_client_setopt(&stale, MQTT_CLIENT_OPT_VERSION, 4), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_client_setopt(NULL, MQTT_CLIENT_OPT_VERSION, 4), MQTTCLIENT_INVALID_PARAM);
    take_down(&client);
    bring_up(&peer, &client, NULL);
    assert_int_equal(ql_mqtt_client_setopt(&client, MQTT_CLIENT_OPT_VERSION, 4), MQTTCLIENT_BAD_REQUEST);
    take_down(&client);
}

static void version_3_says_mqisdp(void **state)
{
    const struct mqtt_connect_client_info_t info = plain_info("c");
    (void)state;
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_client_setopt(&client, MQTT_CLIENT_OPT_VERSION, 3), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_connect(&client, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_WOUNDBLOCK);
    peer_accept(&peer);
    PEER_EXPECT(&peer, 0x10, 0x0f, 0, 6, 'M', 'Q', 'I', 's', 'd', 'p', 3, 2, 0, 0, 0, 1, 'c');
    PEER_SEND(&peer, 0x20, 2, 0, 1);
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_REFUSED_PROTOCOL_VERSION);
    take_down(&client);
}

static void the_receive_buffer_bounds_what_is_taken(void **state)
{
    const struct mqtt_connect_client_info_t info = plain_info("c");
    uint8_t packet[64];
    (void)state;
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_client_setopt(&client, MQTT_CLIENT_OPT_REC_BUF_MAX, MQTT_OPT_REC_BUF_MIN), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_connect(&client, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_WOUNDBLOCK);
    peer_accept(&peer);
    peer_read(&peer, packet, sizeof packet);
    PEER_SEND(&peer, 0x20, 2, 0, 0, 0x30, 0x81, 0x80, 0x01); /* 16385 */
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_ACCEPTED);
    recorder_expect(HEARD_EXCEPTION, 0);
    take_down(&client);
}

static void pkt_timeout_and_retry_times_rule_over_the_defaults(void **state)
{
    struct mqtt_connect_client_info_t info = plain_info("c");
    (void)state;
    use_options("request_ms=600000;retries=9");
    info.pkt_timeout = 1;
    info.retry_times = 1;
    bring_up(&peer, &client, &info);
    assert_int_equal(ql_mqtt_publish(&client, "t", "x", 1, 1, 0, on_request, NULL), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x32, 6, 0, 1, 't', 0, 1, 'x');
    PEER_EXPECT(&peer, 0x3a, 6, 0, 1, 't', 0, 1, 'x');
    recorder_expect(HEARD_REQUEST, MQTT_CONNECT_TIMEOUT);
    take_down(&client);
    PEER_EXPECT(&peer, 0xe0, 0);
}

static void times_out_of_range_are_refused_or_clamped(void **state)
{
    struct mqtt_connect_client_info_t info = plain_info("c");
    (void)state;
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
    info.pkt_timeout = 61;
    assert_int_equal(ql_mqtt_connect(&client, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_INVALID_PARAM);
    info.pkt_timeout = 60;
    info.retry_times = 11;
    assert_int_equal(ql_mqtt_connect(&client, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_INVALID_PARAM);
    take_down(&client);
    use_options("out_of_range=clamp");
    info.pkt_timeout = 255;
    bring_up(&peer, &client, &info);
    take_down(&client);
}

static char *read_text(const char *name)
{
    char path[128];
    snprintf(path, sizeof path, "%s/%s", broker_folder(), name);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char *text = calloc(1, 8192);
    assert_non_null(text);
    assert_true(fread(text, 1, 8191, file) > 0);
    fclose(file);
    return text;
}

static void expect_status(enum listener listener, struct mqtt_ssl_config_t *ssl, int status)
{
    struct mqtt_connect_client_info_t info = plain_info("engine-r03");
    char url[64];
    info.ssl_cfg = ssl;
    snprintf(url, sizeof url, "mqtts://localhost:%u", (unsigned)broker_port(listener));
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_connect(&client, url, on_connection, NULL, &info, on_exception), MQTTCLIENT_WOUNDBLOCK);
    recorder_expect(HEARD_CONNECTION, status);
    take_down(&client);
}

static void certificates_may_be_given_as_text(void **state)
{
    (void)state;
    if (!has_broker)
        skip();
    char *ca = read_text("ca.pem");
    char *cert = read_text("client.pem");
    char *key = read_text("client.key");
    struct mqtt_ssl_config_t ssl = {
        .verify_level = 2, .ssl_version = 4, .sni_enable = 1, .cacert_buffer = ca, .client_cert_type = 1, .client_cert_path = cert, .client_key_path = key
    };
    expect_status(TLS_MUTUAL, &ssl, MQTT_CONNECT_ACCEPTED);
    ssl.cacert_buffer = cert;
    expect_status(TLS_MUTUAL, &ssl, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    free(ca);
    free(cert);
    free(key);
}

static void what_is_named_is_ignored_and_nothing_else(void **state)
{
    static char ca[] = "UFS:ca.pem";
    static char stranger[] = "UFS:stranger.pem";
    (void)state;
    if (!has_broker)
        skip();
    struct mqtt_ssl_config_t unknown = { .verify_level = 1, .ssl_version = 4, .cacert_path = stranger };
    struct mqtt_ssl_config_t misnamed = { .verify_level = 1, .ssl_version = 4, .cacert_path = ca };
    expect_status(TLS_GOOD, &unknown, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    unknown.ignore_certitem = EXPIRED | NAME_MISMATCH;
    expect_status(TLS_GOOD, &unknown, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    unknown.ignore_certitem = NOT_TRUSTED;
    expect_status(TLS_GOOD, &unknown, MQTT_CONNECT_ACCEPTED);
    /* The name is checked with SNI and without. */
    for (int sni = 0; sni <= 1; sni++) {
        misnamed.sni_enable = sni;
        misnamed.ignore_certitem = NOT_TRUSTED | EXPIRED;
        expect_status(TLS_OTHER, &misnamed, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
        misnamed.ignore_certitem = NAME_MISMATCH;
        expect_status(TLS_OTHER, &misnamed, MQTT_CONNECT_ACCEPTED);
    }
}

static void a_version_that_the_server_lacks_ends_the_attempt(void **state)
{
    (void)state;
    if (!has_broker)
        skip();
    for (int version = 0; version <= 4; version++) {
        struct mqtt_ssl_config_t ssl = { .verify_level = 0, .ssl_version = version };
        expect_status(TLS_GOOD, &ssl, version >= 3 ? MQTT_CONNECT_ACCEPTED : MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    }
    struct mqtt_connect_client_info_t info = plain_info("c");
    struct mqtt_ssl_config_t ssl = { .ssl_version = 5 };
    info.ssl_cfg = &ssl;
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_connect(&client, "mqtts://localhost", on_connection, NULL, &info, on_exception), MQTTCLIENT_INVALID_PARAM);
    take_down(&client);
}

static void the_handshake_has_the_time_that_the_call_gives_it(void **state)
{
    struct mqtt_connect_client_info_t info = plain_info("c");
    struct mqtt_ssl_config_t ssl = { .ssl_version = 4, .ssl_negotiate_timeout = 1 };
    (void)state;
    use_options("tls_ms=600000");
    info.ssl_cfg = &ssl;
    snprintf(peer.url, sizeof peer.url, "mqtts://127.0.0.1:%u", (unsigned)peer.port);
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_connect(&client, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_WOUNDBLOCK);
    peer_accept(&peer);
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_TIMEOUT);
    take_down(&client);
}

int main(void)
{
#define PEER_TEST(name) cmocka_unit_test_setup_teardown(name, open_peer, close_peer)
    const struct CMUnitTest tests[] = {
        PEER_TEST(options_are_taken_within_their_range_and_while_idle),
        PEER_TEST(version_3_says_mqisdp),
        PEER_TEST(the_receive_buffer_bounds_what_is_taken),
        PEER_TEST(pkt_timeout_and_retry_times_rule_over_the_defaults),
        PEER_TEST(times_out_of_range_are_refused_or_clamped),
        PEER_TEST(certificates_may_be_given_as_text),
        PEER_TEST(what_is_named_is_ignored_and_nothing_else),
        PEER_TEST(a_version_that_the_server_lacks_ends_the_attempt),
        PEER_TEST(the_handshake_has_the_time_that_the_call_gives_it),
    };
    return cmocka_run_group_tests(tests, start_all, stop_all);
}
