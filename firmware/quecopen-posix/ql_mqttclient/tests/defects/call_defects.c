/* The functions themselves: their arguments, handles, memory, and calls from inside callbacks. */
#define _GNU_SOURCE
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "exercise.h"

#if defined(__SANITIZE_ADDRESS__)
size_t __sanitizer_get_current_allocated_bytes(void);
#endif

static void bad_arguments(void)
{
    char topic[400];
    start_up();
    memset(topic, 't', sizeof topic - 1);
    topic[sizeof topic - 1] = '\0';
    note("qos %d", ql_mqtt_publish(&own, "t", "x", 1, 3, 0, NULL, NULL));
    note("wildcard %d", ql_mqtt_publish(&own, "t/#", "x", 1, 0, 0, NULL, NULL));
    note("filter %d", ql_mqtt_sub_unsub(&own, "a#b", 0, NULL, NULL, 1));
    note("long %d", ql_mqtt_publish(&own, topic, "x", 1, 0, 0, NULL, NULL));
    note("null %d", ql_mqtt_publish(&own, "t", NULL, 8, 0, 0, NULL, NULL));
    note("connect %d", ql_mqtt_connect(&own, peer.url, connected, NULL, &info, excepted));
    finish();
}

static void handles(void)
{
    start();
    note("unconnected %d", ql_mqtt_publish(&own, "t", "x", 1, 0, 0, NULL, NULL));
    mqtt_client_t stale = own;
    for (int i = 0; i < 8; i++) {
        note("deinit %d", ql_mqtt_client_deinit(&own));
        note("init %d", ql_mqtt_client_init(&own, 1));
        note("stale %d", ql_mqtt_set_inpub_callback(&stale, NULL, NULL));
    }
}

static void second_client(void)
{
    mqtt_client_t other;
    note("init %d", ql_mqtt_client_init(&other, 1));
    start_up();
    finish();
}

static void odd_arguments(void)
{
    start_up();
    note("first %d", ql_mqtt_publish(&own, "t", "x", 1, 0, 0, answered, &arg_a));
    await(1);
    note("null client %d", ql_mqtt_publish(NULL, "t", "x", 1, 0, 0, answered, &arg_a));
    note("null callback %d", ql_mqtt_publish(&own, "t", "x", 1, 0, 0, NULL, NULL));
    note("not utf8 %d", ql_mqtt_publish(&own, "\xc0", "x", 1, 0, 0, NULL, NULL));
    finish();
    note("released %d", ql_mqtt_connect(&own, peer.url, connected, &arg_a, &info, excepted));
}

static void beside_another(void)
{
    mqtt_client_t other;
    note("init %d", ql_mqtt_client_init(&other, 1));
    start_up();
    note("a handle of its own %d", own != other);
    publish(0, 1, &arg_a);
    await(1);
    finish();
}

static void call_from_callback(void)
{
    (void)ql_mqtt_publish(&own, "t", "x", 1, 1, 0, answered, &arg_b);
}

static void call_without_ack_from_callback(void)
{
    (void)ql_mqtt_publish(&own, "t", "x", 1, 0, 0, answered, &arg_b);
}

/* Hears the topic before and after a call of its own. */
static void incoming_and_publishing(mqtt_client_t *client, void *arg, int id, const char *topic, const unsigned char *payload,
                                    unsigned short length)
{
    (void)arg, (void)id, (void)payload, (void)length;
    call_without_ack_from_callback();
    hear("topic %s own %d", topic, *client == own);
}

static void publishing_inside(void)
{
    manners.greeting = "\x30\x04\x00\x01"
                       "az";
    manners.greeting_length = 6;
    start();
    note("set %d", ql_mqtt_set_inpub_callback(&own, incoming_and_publishing, &arg_b));
    connect_as(info);
    await(3);
    finish();
}

static void nested(void)
{
    start();
    inside = call_from_callback;
    connect_as(info);
    await(2);
    finish();
}

static void deinit_with_pending(void)
{
    manners.mute = 1u << 3;
    start_up();
    publish(1, 1, &arg_a);
    note("deinit %d", ql_mqtt_client_deinit(&own));
    pthread_mutex_lock(&transcript.lock);
    append(transcript.heard, sizeof transcript.heard, "(released)\n"); /* nothing may come behind it */
    pthread_mutex_unlock(&transcript.lock);
    await(1);
    await_end();
}

static size_t heap_in_use(void)
{
#if defined(__SANITIZE_ADDRESS__)
    return __sanitizer_get_current_allocated_bytes();
#else
    return mallinfo2().uordblks;
#endif
}

static void heap(void)
{
    size_t before = 0;
    for (int i = 0; i < 8; i++) {
        start_up();
        finish();
        if (i == 3)
            before = heap_in_use();
    }
    note("grown %d", heap_in_use() > before + 16384);
}

static void token(void)
{
    char product[] = "p";
    char device[] = "d";
    char version[] = "2018-10-31";
    char key[] = "KuF3NT/jUBJ62LNBB/A8XZA9CqS3Cu79B/ABmfA1UCw=";
    /* Expires at a given time, whatever the clock: what is left to differ is a defect. */
    char *text = ql_mqtt_onenet_generate_auth_token(1537255523 - time(NULL), product, device, version, key);
    note("%s", text);
    free(text);
}

static const struct showing showings[] = {
    { "qos3-sent", bad_arguments, "" },
    { "wildcard-published", bad_arguments, "" },
    { "filter-unchecked", bad_arguments, "" },
    { "second-connect-sent", bad_arguments, "" },
    { "second-connect-taken", bad_arguments, "" },
    { "null-payload-read", bad_arguments, "" },
    { "long-topic-crashes", bad_arguments, "" },
    { "unconnected-accepted", handles, "" },
    { "stale-handle-taken", handles, "" },
    { "slot-leaked", handles, "" },
    { "callback-handle-wrong", second_client, "" },
    { "callback-after-deinit", deinit_with_pending, "" },
    { "topic-buffer-shared", publishing_inside, "" },
    { "receive-buffer-leaked", heap, "" },
    { "token-without-clock", token, "" },
    { "token-unescaped", token, "" },
    { "token-key-undecoded", token, "" },
    { "callback-under-lock", nested, "" },
    { "callback-nested", publishing_inside, "" },
    { "first-publish-retained", odd_arguments, "" },
    { "null-client-a-bad-request", odd_arguments, "" },
    { "null-callback-refused", odd_arguments, "" },
    { "topic-not-utf8-sent", odd_arguments, "" },
    { "released-client-connects", odd_arguments, "" },
    { "refused-beside-another", beside_another, "" },
    { "handle-shared", beside_another, "" },
};

const struct showings call_defects = SHOWINGS(showings);
