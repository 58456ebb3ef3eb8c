/* Handles: how many, what stale ones do, deinit at every moment, and that nothing is left behind. */
#include <dirent.h>
#include <malloc.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>
#if defined(__SANITIZE_ADDRESS__)
/* Of the sanitizer's runtime, whose headers gcc does not install. */
size_t __sanitizer_get_current_allocated_bytes(void);
#endif

#include "module.h"
#include "recorder.h"
#include "setup.h"

static struct peer peer;
static mqtt_client_t client;
static int tags[4];

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

static void start_connect(void)
{
    const struct mqtt_connect_client_info_t info = plain_info("c");
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_connect(&client, peer.url, on_connection, &tags[0], &info, on_exception), MQTTCLIENT_WOUNDBLOCK);
}

static void five_handles_and_no_more(void **state)
{
    mqtt_client_t handles[5];
    mqtt_client_t sixth = 4711;
    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < 5; i++) {
            assert_int_equal(ql_mqtt_client_init(&handles[i], 1), MQTTCLIENT_SUCCESS);
            for (int j = 0; j < i; j++)
                assert_int_not_equal(handles[i], handles[j]);
        }
        assert_int_equal(ql_mqtt_client_init(&sixth, 1), MQTTCLIENT_ALLOC_FAIL);
        assert_int_equal(sixth, 4711);
        for (int i = 0; i < 5; i++)
            assert_int_equal(ql_mqtt_client_deinit(&handles[i]), MQTTCLIENT_SUCCESS);
    }
    assert_int_equal(ql_mqtt_client_init(NULL, 1), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_client_init(&sixth, -1), MQTTCLIENT_INVALID_PARAM);
}

static void a_handle_that_is_none_is_refused_everywhere(void **state)
{
    const struct mqtt_connect_client_info_t info = plain_info("c");
    mqtt_client_t live;
    (void)state;
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
    mqtt_client_t stale = client;
    assert_int_equal(ql_mqtt_client_deinit(&client), MQTTCLIENT_SUCCESS);
    assert_int_equal(client, 0);
    assert_int_equal(ql_mqtt_client_init(&live, 1), MQTTCLIENT_SUCCESS);
    assert_int_not_equal(live, stale);
    mqtt_client_t wrong[] = { 0, -1, 12345, stale };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        mqtt_client_t *handle = &wrong[i];
        assert_int_equal(ql_mqtt_connect(handle, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_INVALID_PARAM);
        assert_int_equal(ql_mqtt_publish(handle, "t", "x", 1, 0, 0, on_request, NULL), MQTTCLIENT_INVALID_PARAM);
        assert_int_equal(ql_mqtt_sub_unsub(handle, "t", 0, on_request, NULL, 1), MQTTCLIENT_INVALID_PARAM);
        assert_int_equal(ql_mqtt_disconnect(handle, on_disconnection, NULL), MQTTCLIENT_INVALID_PARAM);
        assert_int_equal(ql_mqtt_set_inpub_callback(handle, on_message, NULL), MQTTCLIENT_INVALID_PARAM);
        assert_int_equal(ql_mqtt_client_is_connected(handle), 0);
        assert_int_equal(ql_mqtt_client_deinit(handle), MQTTCLIENT_INVALID_PARAM);
    }
    assert_int_equal(ql_mqtt_client_is_connected(NULL), 0);
    assert_int_equal(ql_mqtt_client_deinit(NULL), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_set_inpub_callback(NULL, on_message, NULL), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_client_deinit(&live), MQTTCLIENT_SUCCESS);
}

static int try_connect(const char *host, const struct mqtt_connect_client_info_t *info)
{
    return ql_mqtt_connect(&client, host, on_connection, NULL, info, on_exception);
}

static void connect_refuses_what_no_legal_connect_could_say(void **state)
{
    struct mqtt_ssl_config_t low = { .verify_level = -1 };
    struct mqtt_ssl_config_t high = { .verify_level = 3 };
    char text[] = "u";
    const struct {
        const char *host;
        struct mqtt_connect_client_info_t info;
    } cases[] = {
        { peer.url, { .client_id = NULL, .clean_session = 1 } },
        { peer.url, { .client_id = "\xff", .clean_session = 1 } },
        { peer.url, { .client_id = "", .clean_session = 0 } },
        { peer.url, { .client_id = "c", .clean_session = 1, .client_user = "\xc0\x80" } },
        { peer.url, { .client_id = "c", .clean_session = 1, .client_pass = text } },
        { peer.url, { .client_id = "c", .clean_session = 1, .will_topic = "t", .will_qos = 3 } },
        { peer.url, { .client_id = "c", .clean_session = 1, .will_topic = "a/#", .will_msg = text } },
        { peer.url, { .client_id = "c", .clean_session = 1, .will_topic = "" } },
        { "mqtts://127.0.0.1:1", { .client_id = "c", .clean_session = 1 } },
        { "mqtts://127.0.0.1:1", { .client_id = "c", .clean_session = 1, .ssl_cfg = &low } },
        { "mqtts://127.0.0.1:1", { .client_id = "c", .clean_session = 1, .ssl_cfg = &high } },
        { "http://x", { .client_id = "c", .clean_session = 1 } },
        { NULL, { .client_id = "c", .clean_session = 1 } },
    };
    const struct mqtt_connect_client_info_t info = plain_info("c");
    (void)state;
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        if (try_connect(cases[i].host, &cases[i].info) != MQTTCLIENT_INVALID_PARAM)
            fail_msg("case %zu was not refused", i);
    assert_int_equal(try_connect(peer.url, NULL), MQTTCLIENT_INVALID_PARAM);
    assert_int_equal(ql_mqtt_connect(NULL, peer.url, on_connection, NULL, &info, on_exception), MQTTCLIENT_INVALID_PARAM);
    take_down(&client);
}

static void calls_before_connect_are_refused(void **state)
{
    (void)state;
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_publish(&client, "t", "x", 1, 0, 0, on_request, NULL), MQTTCLIENT_NOT_CONNECT);
    assert_int_equal(ql_mqtt_sub_unsub(&client, "t", 0, on_request, NULL, 1), MQTTCLIENT_NOT_CONNECT);
    assert_int_equal(ql_mqtt_disconnect(&client, on_disconnection, NULL), MQTTCLIENT_NOT_CONNECT);
    take_down(&client);
    start_connect();
    peer_accept(&peer);
    assert_int_equal(ql_mqtt_publish(&client, "t", "x", 1, 0, 0, on_request, NULL), MQTTCLIENT_NOT_CONNECT);
    assert_int_equal(ql_mqtt_disconnect(&client, on_disconnection, NULL), MQTTCLIENT_NOT_CONNECT);
    peer_fin(&peer);
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_DISCONNECTED);
    take_down(&client);
}

static void deinit_tells_what_is_pending_before_it_returns(void **state)
{
    (void)state;
    start_connect();
    peer_accept(&peer);
    assert_int_equal(ql_mqtt_client_deinit(&client), MQTTCLIENT_SUCCESS);
    assert_int_equal(recorder_left(), 1);
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_DISCONNECTED);

    bring_up(&peer, &client, NULL);
    for (int i = 0; i < 3; i++)
        assert_int_equal(ql_mqtt_publish(&client, "t", "x", 1, 1, 0, on_request, &tags[i]), MQTTCLIENT_WOUNDBLOCK);
    assert_int_equal(ql_mqtt_client_deinit(&client), MQTTCLIENT_SUCCESS);
    assert_int_equal(recorder_left(), 3);
    for (int i = 0; i < 3; i++)
        assert_ptr_equal(recorder_expect(HEARD_REQUEST, MQTT_CONNECT_DISCONNECTED).arg, &tags[i]);

    bring_up(&peer, &client, NULL);
    assert_int_equal(ql_mqtt_disconnect(&client, on_disconnection, NULL), MQTTCLIENT_WOUNDBLOCK);
    assert_int_equal(ql_mqtt_client_deinit(&client), MQTTCLIENT_SUCCESS);
    assert_int_equal(recorder_left(), 1);
    assert_int_equal(recorder_next().kind, HEARD_DISCONNECTION);
}

static void deinit_can_be_silent(void **state)
{
    (void)state;
    use_options("pending_at_deinit=silent;deinit_says=rst;deinit_clears=no");
    bring_up(&peer, &client, NULL);
    mqtt_client_t before = client;
    assert_int_equal(ql_mqtt_publish(&client, "t", "x", 1, 1, 0, on_request, &tags[0]), MQTTCLIENT_WOUNDBLOCK);
    take_down(&client);
    assert_int_equal(client, before);
    client = 0;
}

static void release_from(mqtt_client_t *inside)
{
    mqtt_client_t copy = *inside;
    assert_int_equal(ql_mqtt_client_deinit(&copy), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_client_init(&client, 1), MQTTCLIENT_SUCCESS);
}

/* Ends what `release_from` has begun: its new client in the old one's slot must be untouched. */
static void expect_fresh_client(void)
{
    assert_int_equal(recorder_left(), 0);
    assert_int_equal(ql_mqtt_client_is_connected(&client), 0);
    take_down(&client);
}

static void a_client_is_released_inside_each_of_its_callbacks(void **state)
{
    (void)state;
    recorder_react(HEARD_CONNECTION, release_from);
    start_connect();
    peer_accept(&peer);
    PEER_SEND(&peer, 0x20, 2, 0, 0, 0x30, 4, 0, 1, 't', 'x');
    recorder_expect(HEARD_CONNECTION, 0);
    expect_fresh_client();

    bring_up(&peer, &client, NULL);
    recorder_react(HEARD_MESSAGE, release_from);
    PEER_SEND(&peer, 0x30, 4, 0, 1, 't', 'x', 0x30, 4, 0, 1, 't', 'y');
    recorder_expect(HEARD_MESSAGE, 0);
    expect_fresh_client();

    bring_up(&peer, &client, NULL);
    recorder_react(HEARD_REQUEST, release_from);
    assert_int_equal(ql_mqtt_publish(&client, "t", "x", 1, 0, 0, on_request, NULL), MQTTCLIENT_WOUNDBLOCK);
    recorder_expect(HEARD_REQUEST, 0);
    expect_fresh_client();

    bring_up(&peer, &client, NULL);
    recorder_react(HEARD_DISCONNECTION, release_from);
    assert_int_equal(ql_mqtt_disconnect(&client, on_disconnection, NULL), MQTTCLIENT_WOUNDBLOCK);
    recorder_expect(HEARD_DISCONNECTION, 0);
    expect_fresh_client();

    bring_up(&peer, &client, NULL);
    recorder_react(HEARD_EXCEPTION, release_from);
    peer_fin(&peer);
    recorder_expect(HEARD_EXCEPTION, 0);
    expect_fresh_client();
}

static void call_everything(mqtt_client_t *inside)
{
    assert_int_equal(ql_mqtt_set_inpub_callback(inside, NULL, NULL), MQTTCLIENT_SUCCESS);
    assert_int_equal(ql_mqtt_sub_unsub(inside, "s", 0, on_request, &tags[1], 1), MQTTCLIENT_WOUNDBLOCK);
    assert_int_equal(ql_mqtt_publish(inside, "t", "x", 1, 0, 0, on_request, &tags[2]), MQTTCLIENT_WOUNDBLOCK);
    assert_int_equal(ql_mqtt_disconnect(inside, on_disconnection, &tags[3]), MQTTCLIENT_WOUNDBLOCK);
}

static void every_call_works_inside_a_callback(void **state)
{
    (void)state;
    bring_up(&peer, &client, NULL);
    recorder_react(HEARD_MESSAGE, call_everything);
    PEER_SEND(&peer, 0x30, 4, 0, 1, 't', 'x');
    PEER_EXPECT(&peer, 0x82, 6, 0, 1, 0, 1, 's', 0);
    PEER_EXPECT(&peer, 0x30, 4, 0, 1, 't', 'x');
    PEER_EXPECT(&peer, 0xe0, 0);
    recorder_expect(HEARD_MESSAGE, 0);
    assert_ptr_equal(recorder_expect(HEARD_REQUEST, 0).arg, &tags[2]);
    assert_ptr_equal(recorder_expect(HEARD_REQUEST, MQTT_CONNECT_DISCONNECTED).arg, &tags[1]);
    assert_ptr_equal(recorder_expect(HEARD_DISCONNECTION, 0).arg, &tags[3]);
    take_down(&client);
}

static void clients_do_not_disturb_each_other(void **state)
{
    enum { CLIENTS = 5 };
    struct peer peers[CLIENTS];
    mqtt_client_t handles[CLIENTS];
    (void)state;
    for (int i = 0; i < CLIENTS; i++) {
        peer_open(&peers[i]);
        bring_up(&peers[i], &handles[i], NULL);
    }
    peer_rst(&peers[2]);
    assert_int_equal(recorder_expect(HEARD_EXCEPTION, 0).handle, handles[2]);
    for (int i = 0; i < CLIENTS; i++) {
        if (i == 2)
            continue;
        assert_int_equal(ql_mqtt_publish(&handles[i], "t", "x", 1, 1, 0, on_request, &handles[i]), MQTTCLIENT_WOUNDBLOCK);
        PEER_EXPECT(&peers[i], 0x32, 6, 0, 1, 't', 0, 1, 'x');
        PEER_SEND(&peers[i], 0x40, 2, 0, 1);
        struct callback told = recorder_expect(HEARD_REQUEST, 0);
        assert_int_equal(told.handle, handles[i]);
        assert_ptr_equal(told.arg, &handles[i]);
    }
    for (int i = 0; i < CLIENTS; i++) {
        take_down(&handles[i]);
        peer_close(&peers[i]);
    }
}

static void a_data_call_that_ends_takes_its_connections_along(void **state)
{
    (void)state;
    bring_up(&peer, &client, NULL);
    assert_true(qlv_module_stop_call(1));
    recorder_expect(HEARD_EXCEPTION, 0);
    take_down(&client);
    start_connect();
    recorder_expect(HEARD_CONNECTION, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    take_down(&client);
    assert_true(qlv_module_start_call(1));
    bring_up(&peer, &client, NULL);
    take_down(&client);
}

static size_t open_descriptors(void)
{
    size_t count = 0;
    DIR *folder = opendir("/proc/self/fd");
    assert_non_null(folder);
    while (readdir(folder) != NULL)
        count++;
    closedir(folder);
    return count;
}

static size_t heap_in_use(void)
{
#if defined(__SANITIZE_ADDRESS__)
    return __sanitizer_get_current_allocated_bytes(); /* its allocator leaves mallinfo at 0 */
#else
    return mallinfo2().uordblks;
#endif
}

static void one_cycle(void)
{
    bring_up(&peer, &client, NULL);
    assert_int_equal(ql_mqtt_publish(&client, "t", "x", 1, 0, 0, on_request, NULL), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0x30, 4, 0, 1, 't', 'x');
    recorder_expect(HEARD_REQUEST, 0);
    assert_int_equal(ql_mqtt_disconnect(&client, on_disconnection, NULL), MQTTCLIENT_WOUNDBLOCK);
    PEER_EXPECT(&peer, 0xe0, 0);
    peer_expect_end(&peer);
    peer_fin(&peer);
    recorder_expect(HEARD_DISCONNECTION, 0);
    take_down(&client);
}

static void a_thousand_cycles_leave_nothing_behind(void **state)
{
    (void)state;
    for (int i = 0; i < 20; i++)
        one_cycle();
    size_t descriptors = open_descriptors();
    size_t heap = heap_in_use();
    for (int i = 0; i < 1000; i++)
        one_cycle();
    /* The last socket may still linger until it is served. */
    assert_in_range(open_descriptors(), 0, descriptors + 1);
    assert_in_range(heap_in_use(), 0, heap + 4096);
}

/* Callers of one client in several tasks. */

enum { PUBLISHES = 200 };

static void *publish_many(void *unused)
{
    for (int i = 0; i < PUBLISHES; i++)
        while (ql_mqtt_publish(&client, "t", "x", 1, 0, 0, NULL, NULL) == MQTTCLIENT_OUT_OF_MEM)
            sched_yield();
    return unused;
}

static void packets_of_several_tasks_do_not_mix(void **state)
{
    pthread_t threads[2];
    (void)state;
    bring_up(&peer, &client, NULL);
    for (int i = 0; i < 2; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, publish_many, NULL), 0);
    for (int i = 0; i < 2 * PUBLISHES; i++)
        PEER_EXPECT(&peer, 0x30, 4, 0, 1, 't', 'x');
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    take_down(&client);
}

int main(void)
{
#define PEER_TEST(name) cmocka_unit_test_setup_teardown(name, open_peer, close_peer)
    const struct CMUnitTest tests[] = {
        PEER_TEST(five_handles_and_no_more),
        PEER_TEST(a_handle_that_is_none_is_refused_everywhere),
        PEER_TEST(connect_refuses_what_no_legal_connect_could_say),
        PEER_TEST(calls_before_connect_are_refused),
        PEER_TEST(deinit_tells_what_is_pending_before_it_returns),
        PEER_TEST(deinit_can_be_silent),
        PEER_TEST(a_client_is_released_inside_each_of_its_callbacks),
        PEER_TEST(every_call_works_inside_a_callback),
        PEER_TEST(clients_do_not_disturb_each_other),
        PEER_TEST(a_data_call_that_ends_takes_its_connections_along),
        PEER_TEST(a_thousand_cycles_leave_nothing_behind),
        PEER_TEST(packets_of_several_tasks_do_not_mix),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
