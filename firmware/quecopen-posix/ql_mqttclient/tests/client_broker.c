/* The client against Debian's mosquitto: plain, TLS, mutual TLS, and certificates that must be refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "broker.h"
#include "module.h"
#include "recorder.h"
#include "setup.h"

static bool has_broker;
static mqtt_client_t client;
static char url[64];

static char ca[] = "UFS:ca.pem";
static char ca_der[] = "UFS:ca.der";
static char stranger[] = "UFS:stranger.pem";
static char cert[] = "UFS:client.pem";
static char cert_der[] = "UFS:client.der";
static char key[] = "UFS:client.key";
static char key_der[] = "UFS:client-key.der";
static char locked_key[] = "UFS:client-locked.key";
static char wrong_key[] = "UFS:good.key";
static char garbage[] = "UFS:garbage.pem";
static char empty[] = "UFS:empty.pem";
static char absent[] = "UFS:absent.pem";
static char password[] = "secret";
static char wrong_password[] = "sesame";

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

static int prepare(void **state)
{
    (void)state;
    if (!has_broker)
        skip();
    use_options("");
    return 0;
}

static void set_clock(const char *offset_s)
{
    char why[128];
    assert_true(qlv_module_set("clock.offset_s", offset_s, why, sizeof why));
}

static int restore_clock(void **state)
{
    (void)state;
    set_clock("0");
    return 0;
}

static struct mqtt_ssl_config_t verified(char *ca_path)
{
    return (struct mqtt_ssl_config_t){
        .verify_level = MQTT_SSL_VERIFY_SERVER,
        .cacert_path = ca_path,
#if QL_SDK_GENERATION >= 2
        .ssl_version = 4,
#endif
    };
}

static void start_connect(enum listener listener, const char *host, struct mqtt_ssl_config_t *ssl)
{
    struct mqtt_connect_client_info_t info = plain_info("engine");
    info.ssl_cfg = ssl;
    snprintf(url, sizeof url, "%s://%s:%u", ssl != NULL ? "mqtts" : "mqtt", host, (unsigned)broker_port(listener));
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
    ql_mqtt_set_inpub_callback(&client, on_message, NULL);
    assert_int_equal(ql_mqtt_connect(&client, url, on_connection, NULL, &info, on_exception), MQTTCLIENT_WOUNDBLOCK);
}

static void expect_status(enum listener listener, const char *host, struct mqtt_ssl_config_t *ssl, int status)
{
    start_connect(listener, host, ssl);
    struct callback told = recorder_next();
    if (told.kind != HEARD_CONNECTION || told.result != status)
        fail_msg("%s: callback %d, status %d instead of %d", url, (int)told.kind, told.result, status);
    if (status == 0) {
        assert_int_equal(ql_mqtt_disconnect(&client, on_disconnection, NULL), MQTTCLIENT_WOUNDBLOCK);
        recorder_expect(HEARD_DISCONNECTION, 0);
    }
    take_down(&client);
}

/* Publishes to itself; the echo and the acknowledgement may come in either order. */
static void round_trip(uint8_t qos, const void *payload, uint16_t length)
{
    bool answered = false;
    bool delivered = false;
    assert_int_equal(ql_mqtt_publish(&client, "engine/t", payload, length, qos, 0, on_request, &client), MQTTCLIENT_WOUNDBLOCK);
    while (!answered || !delivered) {
        struct callback told = recorder_next();
        if (told.kind == HEARD_REQUEST) {
            assert_int_equal(told.result, 0);
            answered = true;
            continue;
        }
        assert_int_equal(told.kind, HEARD_MESSAGE);
        assert_string_equal(told.topic, "engine/t");
        assert_int_equal(told.length, length);
        assert_memory_equal(told.payload, payload, length);
        delivered = true;
    }
}

static void talk(void)
{
    static uint8_t large[65535];
    memset(large, 'l', sizeof large);
    assert_int_equal(ql_mqtt_sub_unsub(&client, "engine/#", 2, on_request, NULL, 1), MQTTCLIENT_WOUNDBLOCK);
    recorder_expect(HEARD_REQUEST, 0);
    for (uint8_t qos = 0; qos <= 2; qos++) {
        round_trip(qos, "a\0b", 3);
        round_trip(qos, "", 0);
        round_trip(qos, large, 1460);
        round_trip(qos, large, sizeof large);
    }
    assert_int_equal(ql_mqtt_sub_unsub(&client, "engine/#", 0, on_request, NULL, 0), MQTTCLIENT_WOUNDBLOCK);
    recorder_expect(HEARD_REQUEST, 0);
    assert_int_equal(ql_mqtt_disconnect(&client, on_disconnection, NULL), MQTTCLIENT_WOUNDBLOCK);
    recorder_expect(HEARD_DISCONNECTION, 0);
    take_down(&client);
}

static void every_qos_and_size_goes_round_in_clear(void **state)
{
    (void)state;
    use_options("rx_max=135168");
    start_connect(PLAIN, "127.0.0.1", NULL);
    recorder_expect(HEARD_CONNECTION, 0);
    talk();
}

static void every_qos_and_size_goes_round_over_tls(void **state)
{
    struct mqtt_ssl_config_t ssl = verified(ca);
    (void)state;
    use_options("rx_max=135168");
    start_connect(TLS_GOOD, "localhost", &ssl);
    recorder_expect(HEARD_CONNECTION, 0);
    talk();
}

static void a_good_server_is_taken_at_every_level_and_by_address(void **state)
{
    struct mqtt_ssl_config_t none = { .verify_level = MQTT_SSL_VERIFY_NONE };
    struct mqtt_ssl_config_t by_pem = verified(ca);
    struct mqtt_ssl_config_t by_der = verified(ca_der);
    (void)state;
#if QL_SDK_GENERATION >= 2
    none.ssl_version = 4;
#endif
    expect_status(TLS_GOOD, "127.0.0.1", &none, MQTT_CONNECT_ACCEPTED);
    expect_status(TLS_GOOD, "127.0.0.1", &by_pem, MQTT_CONNECT_ACCEPTED);
    expect_status(TLS_GOOD, "localhost", &by_der, MQTT_CONNECT_ACCEPTED);
    expect_status(TLS_NAMED, "localhost", &by_pem, MQTT_CONNECT_ACCEPTED);
}

static void a_server_that_cannot_be_trusted_is_refused(void **state)
{
    struct mqtt_ssl_config_t ssl = verified(ca);
    struct mqtt_ssl_config_t unknown = verified(stranger);
    (void)state;
    expect_status(TLS_GOOD, "localhost", &unknown, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    expect_status(TLS_OTHER, "localhost", &ssl, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    expect_status(TLS_OTHER, "127.0.0.1", &ssl, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    expect_status(TLS_NAMED, "127.0.0.1", &ssl, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    expect_status(TLS_USAGE, "localhost", &ssl, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    expect_status(TLS_FORGED, "localhost", &ssl, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
}

static void without_a_readable_ca_nothing_is_trusted(void **state)
{
    char *paths[] = { NULL, absent, garbage, empty };
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++) {
        struct mqtt_ssl_config_t ssl = verified(paths[i]);
        expect_status(TLS_GOOD, "localhost", &ssl, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    }
}

static void certificates_are_judged_by_the_clock_of_the_module(void **state)
{
    struct mqtt_ssl_config_t ssl = verified(ca);
    struct mqtt_ssl_config_t none = { .verify_level = MQTT_SSL_VERIFY_NONE };
    (void)state;
#if QL_SDK_GENERATION >= 2
    none.ssl_version = 4;
#endif
    set_clock("3456000"); /* 40 days: they are valid for 30 */
    expect_status(TLS_GOOD, "localhost", &ssl, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    expect_status(TLS_GOOD, "localhost", &none, MQTT_CONNECT_ACCEPTED);
    set_clock("-86400");
    expect_status(TLS_GOOD, "localhost", &ssl, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    set_clock("0");
    expect_status(TLS_GOOD, "localhost", &ssl, MQTT_CONNECT_ACCEPTED);
}

static void expect_mutual(char *cert_path, char *key_path, char *key_password, int status)
{
    struct mqtt_ssl_config_t ssl = verified(ca);
    ssl.verify_level = MQTT_SSL_VERIFY_SERVER_CLIENT;
    ssl.client_cert_path = cert_path;
    ssl.client_key_path = key_path;
    ssl.client_key_pwd = key_password;
    expect_status(TLS_MUTUAL, "localhost", &ssl, status);
}

static void level_2_presents_the_certificate_of_the_client(void **state)
{
    (void)state;
    expect_mutual(cert, key, NULL, MQTT_CONNECT_ACCEPTED);
    expect_mutual(cert_der, key_der, NULL, MQTT_CONNECT_ACCEPTED);
    expect_mutual(cert, locked_key, password, MQTT_CONNECT_ACCEPTED);
}

static void level_2_fails_closed_when_certificate_or_key_is_not_usable(void **state)
{
    (void)state;
    expect_mutual(NULL, NULL, NULL, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    expect_mutual(cert, NULL, NULL, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    expect_mutual(absent, key, NULL, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    expect_mutual(cert, garbage, NULL, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    expect_mutual(cert, wrong_key, NULL, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    expect_mutual(cert, locked_key, NULL, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    expect_mutual(cert, locked_key, wrong_password, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
}

static void a_server_that_wants_a_certificate_gets_none_at_level_1(void **state)
{
    struct mqtt_ssl_config_t ssl = verified(ca);
    (void)state;
    ssl.client_cert_path = cert;
    ssl.client_key_path = key;
    start_connect(TLS_MUTUAL, "localhost", &ssl);
    assert_int_not_equal(recorder_next().result, MQTT_CONNECT_ACCEPTED);
    take_down(&client);
}

static void scheme_and_port_must_fit(void **state)
{
    struct mqtt_ssl_config_t ssl = verified(ca);
    struct mqtt_connect_client_info_t info = plain_info("engine");
    (void)state;
    use_options("connack_ms=200;tls_ms=200");
    start_connect(TLS_GOOD, "localhost", NULL);
    assert_int_not_equal(recorder_next().result, MQTT_CONNECT_ACCEPTED);
    take_down(&client);
    start_connect(PLAIN, "localhost", &ssl);
    assert_int_not_equal(recorder_next().result, MQTT_CONNECT_ACCEPTED);
    assert_int_equal(ql_mqtt_connect(&client, "mqtts://localhost", on_connection, NULL, &info, on_exception), MQTTCLIENT_INVALID_PARAM);
    take_down(&client);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(every_qos_and_size_goes_round_in_clear, prepare),
        cmocka_unit_test_setup(every_qos_and_size_goes_round_over_tls, prepare),
        cmocka_unit_test_setup(a_good_server_is_taken_at_every_level_and_by_address, prepare),
        cmocka_unit_test_setup(a_server_that_cannot_be_trusted_is_refused, prepare),
        cmocka_unit_test_setup(without_a_readable_ca_nothing_is_trusted, prepare),
        cmocka_unit_test_setup_teardown(certificates_are_judged_by_the_clock_of_the_module, prepare, restore_clock),
        cmocka_unit_test_setup(level_2_presents_the_certificate_of_the_client, prepare),
        cmocka_unit_test_setup(level_2_fails_closed_when_certificate_or_key_is_not_usable, prepare),
        cmocka_unit_test_setup(a_server_that_wants_a_certificate_gets_none_at_level_1, prepare),
        cmocka_unit_test_setup(scheme_and_port_must_fit, prepare),
    };
    return cmocka_run_group_tests(tests, start_all, stop_all);
}
