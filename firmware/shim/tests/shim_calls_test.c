/* Calls, their arguments, slots and batches: docs/protocol.md §5.1. */
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

/* Makes the call and gives its answer; its events wait. */
static const char *call(const char *method, const char *params)
{
    return rig_ask(next_id++, method, params);
}

static void expect_refused(const char *method, const char *params, int code, const char *data)
{
    char member[96];
    const char *line = call(method, params);
    assert_non_null(line);
    snprintf(member, sizeof member, data == NULL ? "\"code\":%d," : "\"code\":%d,\"message\":\"", code);
    assert_non_null(strstr(line, member));
    snprintf(member, sizeof member, "\"data\":\"%s\"", data == NULL ? "" : data);
    assert_true((data == NULL) == (strstr(line, "\"data\"") == NULL));
    assert_true(data == NULL || strstr(line, member) != NULL);
    assert_int_equal(memory_sdk.calls, 0);
}

static void expect_events(const char *events)
{
    char json[SHIM_LINE_OUT];
    snprintf(json, sizeof json, "{\"jsonrpc\":\"2.0\",\"method\":\"events\",\"params\":{\"session\":1,\"events\":[%s]}}", events);
    rig_expect(json);
}

static void a_call_is_accepted_at_once_and_its_outcome_comes_as_events(void **state)
{
    (void)state;
    memory_sdk.now_ms = 100;
    rig_request(2, "mqtt.init", "\"slot\":3,\"token\":1001,\"cid\":33");
    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"accepted\":1001}}");
    assert_int_equal(memory_sdk.calls, 0);

    rig_work();

    assert_int_equal(memory_sdk.number, 33);
    expect_events("{\"seq\":1,\"t\":100,\"e\":\"call\",\"token\":1001,\"fn\":\"init\",\"slot\":3,\"task\":1},"
                  "{\"seq\":2,\"t\":100,\"e\":\"ret\",\"token\":1001,\"fn\":\"init\",\"slot\":3,\"task\":1,\"ret\":0,\"handle\":1}");
    assert_ptr_equal(memory_sdk.client, &shim_the.slots[3].client);
}

static void connect_passes_every_field(void **state)
{
    (void)state;
    static char host[64];
    static struct mqtt_connect_client_info_t info;
    static struct mqtt_ssl_config_t ssl;
    call("mqtt.connect", "\"slot\":0,\"token\":7,\"host\":\"mqtts://h:8883\",\"info\":{\"clientId\":\"id\",\"user\":\"u\",\"pass\":\"\",\"keepAlive\":65535,"
                         "\"willTopic\":\"w/t\",\"willMsg\":{\"hex\":\"00ff\"},\"willQos\":2,\"willRetain\":true,\"cleanSession\":0,"
                         "\"ssl\":{\"ctxId\":1,\"verifyLevel\":2,\"caCert\":\"UFS:ca\",\"clientCert\":\"UFS:c\",\"clientKey\":\"UFS:k\",\"clientKeyPassword\":\"p\"}}");

    assert_int_equal(memory_sdk.calls, 1);
    strcpy(host, memory_sdk.text);
    info = *memory_sdk.info;
    ssl = *info.ssl_cfg;
    assert_string_equal(host, "mqtts://h:8883");
    assert_string_equal(info.client_id, "id");
    assert_string_equal(info.client_user, "u");
    assert_string_equal(info.client_pass, "");
    assert_int_equal(info.keep_alive, 65535);
    assert_string_equal(info.will_topic, "w/t");
    assert_memory_equal(info.will_msg, "\x00\xff", 3);
    assert_int_equal(info.will_qos, 2);
    assert_int_equal(info.will_retain, 1);
    assert_int_equal(info.clean_session, 0);
    assert_int_equal(ssl.ssl_ctx_id, 1);
    assert_int_equal(ssl.verify_level, 2);
    assert_string_equal(ssl.cacert_path, "UFS:ca");
    assert_string_equal(ssl.client_cert_path, "UFS:c");
    assert_string_equal(ssl.client_key_path, "UFS:k");
    assert_string_equal(ssl.client_key_pwd, "p");
    assert_non_null(memory_sdk.exception);
}

static void what_connect_does_not_name_is_null_zero_and_a_clean_session(void **state)
{
    (void)state;
    call("mqtt.connect", "\"slot\":0,\"token\":7,\"host\":null,\"info\":{\"ssl\":{}}");
    assert_null(memory_sdk.text);
    assert_null(memory_sdk.info->client_id);
    assert_null(memory_sdk.info->will_topic);
    assert_int_equal(memory_sdk.info->keep_alive, 0);
    assert_int_equal(memory_sdk.info->clean_session, 1);
    assert_null(memory_sdk.info->ssl_cfg->cacert_path);

    call("mqtt.connect", "\"slot\":0,\"token\":8,\"host\":\"h\",\"info\":null,\"exceptionCb\":false,\"cb\":false");
    assert_null(memory_sdk.info);
    assert_null(memory_sdk.exception);
    call("mqtt.connect", "\"slot\":0,\"token\":9,\"host\":\"h\",\"info\":{\"ssl\":null}");
    assert_null(memory_sdk.info->ssl_cfg);
}

static void fields_of_the_later_sdk_are_passed_or_refused_by_name(void **state)
{
    (void)state;
#if HAVE_SSL_EXT
    call("mqtt.connect", "\"slot\":0,\"token\":7,\"host\":\"h\",\"info\":{\"pktTimeout\":5,\"retryTimes\":3,\"ssl\":{\"version\":4,\"sni\":true,"
                         "\"negotiateTimeout\":300,\"ignoreInvalidCertSign\":1,\"ignoreMultiCertChainVerify\":2,\"ignoreCertItem\":4294967295,\"certType\":1}}");
    assert_int_equal(memory_sdk.info->pkt_timeout, 5);
    assert_int_equal(memory_sdk.info->retry_times, 3);
    assert_int_equal(memory_sdk.info->ssl_cfg->ssl_version, 4);
    assert_int_equal(memory_sdk.info->ssl_cfg->sni_enable, 1);
    assert_int_equal(memory_sdk.info->ssl_cfg->ssl_negotiate_timeout, 300);
    assert_int_equal(memory_sdk.info->ssl_cfg->ignore_invalid_certsign, 1);
    assert_int_equal(memory_sdk.info->ssl_cfg->ignore_multi_certchain_verify, 2);
    assert_int_equal(memory_sdk.info->ssl_cfg->ignore_certitem, 0xffffffff);
    assert_int_equal(memory_sdk.info->ssl_cfg->client_cert_type, 1);
#else
    expect_refused("mqtt.connect", "\"slot\":0,\"token\":7,\"info\":{\"retryTimes\":0}", -32009, "retryTimes");
    expect_refused("mqtt.connect", "\"slot\":0,\"token\":7,\"info\":{\"ssl\":{\"sni\":0}}", -32009, "sni");
#endif
}

static void setopt_is_called_where_the_sdk_has_it(void **state)
{
    (void)state;
#if HAVE_SETOPT
    call("mqtt.setopt", "\"slot\":0,\"token\":7,\"option\":2,\"value\":4");
    assert_int_equal(memory_sdk.number, 2004);
#else
    expect_refused("mqtt.setopt", "\"slot\":0,\"token\":7,\"option\":2,\"value\":4", -32009, NULL);
#endif
}

static void publish_passes_topic_payload_and_its_length(void **state)
{
    (void)state;
    call("mqtt.publish", "\"slot\":0,\"token\":7,\"topic\":\"t\",\"payload\":\"a\\u0000b\",\"qos\":255,\"retain\":2");
    assert_string_equal(memory_sdk.text, "t");
    assert_int_equal(memory_sdk.payload_length, 3);
    assert_memory_equal(memory_sdk.payload, "a\0b", 4);
    assert_int_equal(memory_sdk.number, 255 * 256 + 2);

    call("mqtt.publish", "\"slot\":0,\"token\":8,\"topic\":\"t\",\"payload\":\"abc\",\"length\":2,\"retain\":true");
    assert_int_equal(memory_sdk.payload_length, 2);
    assert_int_equal(memory_sdk.number, 1);
    call("mqtt.publish", "\"slot\":0,\"token\":9,\"topic\":null,\"payload\":null,\"length\":65535");
    assert_null(memory_sdk.text);
    assert_null(memory_sdk.payload);
    assert_int_equal(memory_sdk.payload_length, 65535);
    call("mqtt.publish", "\"slot\":0,\"token\":10");
    assert_int_equal(memory_sdk.payload_length, 0);
}

static void the_largest_topic_and_payload_fit_together(void **state)
{
    (void)state;
    call("mqtt.publish", "\"slot\":0,\"token\":7,\"topic\":{\"pattern\":\"t\",\"length\":65536},\"payload\":{\"length\":65535,\"seed\":9},\"after\":\"poison\"");

    assert_int_equal(memory_sdk.calls, 1);
    assert_int_equal(memory_sdk.payload_length, 65535);
    /* They were read in the call, and are poison after it. */
    assert_int_equal((unsigned char)memory_sdk.text[0], 0xa5);
    assert_int_equal(((const unsigned char *)memory_sdk.payload)[65534], 0xa5);
}

static void sub_unsub_subscribes_unless_told_otherwise(void **state)
{
    (void)state;
    call("mqtt.sub_unsub", "\"slot\":0,\"token\":7,\"topic\":\"a/#\",\"qos\":2");
    assert_int_equal(memory_sdk.number, 2 * 256 + 1);
    call("mqtt.sub_unsub", "\"slot\":0,\"token\":8,\"topic\":\"a/#\",\"sub\":false");
    assert_int_equal(memory_sdk.number, 0);
}

static void a_generated_token_is_reported_with_its_text(void **state)
{
    (void)state;
    call("mqtt.onenet_token", "\"slot\":1,\"token\":7,\"expireTime\":3600,\"productId\":\"p\\\"1\",\"deviceName\":\"d\",\"version\":\"v\",\"accessKey\":\"k\"");
    assert_int_equal(memory_sdk.number, 3600);
    expect_events("{\"seq\":1,\"t\":0,\"e\":\"call\",\"token\":7,\"fn\":\"onenet_token\",\"slot\":1,\"task\":1},"
                  "{\"seq\":2,\"t\":0,\"e\":\"ret\",\"token\":7,\"fn\":\"onenet_token\",\"slot\":1,\"task\":1,\"ret\":1,\"handle\":0,\"text\":\"p\\\"1\"}");

    call("mqtt.onenet_token", "\"slot\":1,\"token\":8,\"expireTime\":-1,\"productId\":null,\"deviceName\":\"d\",\"version\":\"v\",\"accessKey\":\"k\"");
    expect_events("{\"seq\":3,\"t\":0,\"e\":\"call\",\"token\":8,\"fn\":\"onenet_token\",\"slot\":1,\"task\":1},"
                  "{\"seq\":4,\"t\":0,\"e\":\"ret\",\"token\":8,\"fn\":\"onenet_token\",\"slot\":1,\"task\":1,\"ret\":0,\"handle\":0}");
}

static void the_other_functions_are_called_with_the_slots_client(void **state)
{
    (void)state;
    static const char *const methods[] = {"mqtt.disconnect", "mqtt.set_inpub_callback", "mqtt.is_connected", "mqtt.deinit"};
    for (unsigned i = 0; i < 4; i++) {
        char params[64];
        snprintf(params, sizeof params, "\"slot\":4,\"token\":%u", 50 + i);
        call(methods[i], params);
        assert_int_equal(memory_sdk.calls, i + 1);
        assert_ptr_equal(memory_sdk.client, &shim_the.slots[4].client);
    }
    assert_non_null(memory_sdk.inpub);
    call("mqtt.set_inpub_callback", "\"slot\":4,\"token\":60,\"cb\":false");
    assert_null(memory_sdk.inpub);
}

static void the_client_pointer_can_be_any(void **state)
{
    (void)state;
    call("mqtt.is_connected", "\"slot\":0,\"token\":1,\"client\":\"own\"");
    assert_ptr_equal(memory_sdk.client, &shim_the.slots[0].client);
    call("mqtt.is_connected", "\"slot\":0,\"token\":2,\"client\":\"null\"");
    assert_null(memory_sdk.client);
    call("mqtt.is_connected", "\"slot\":0,\"token\":3,\"client\":{\"slot\":5}");
    assert_ptr_equal(memory_sdk.client, &shim_the.slots[5].client);
    call("mqtt.is_connected", "\"slot\":0,\"token\":4,\"client\":{\"value\":-77}");
    assert_int_equal(*memory_sdk.client, -77);
    mqtt_client_t *first = memory_sdk.client;
    call("mqtt.is_connected", "\"slot\":0,\"token\":5,\"client\":{\"value\":-78}");
    assert_int_equal(*first, -77);
    call("mqtt.is_connected", "\"slot\":1,\"token\":6,\"client\":{\"value\":-77}");
    assert_ptr_equal(memory_sdk.client, first);
}

static void a_call_that_is_not_right_is_refused_and_does_not_run(void **state)
{
    (void)state;
    static const struct {
        const char *method;
        const char *params;
        int code;
        const char *data;
    } cases[] = {
        {"mqtt.init", "\"token\":1,\"cid\":1", -32602, "slot"},
        {"mqtt.init", "\"slot\":6,\"token\":1,\"cid\":1", -32007, NULL},
        {"mqtt.init", "\"slot\":-1,\"token\":1,\"cid\":1", -32007, NULL},
        {"mqtt.init", "\"slot\":0,\"cid\":1", -32602, "token"},
        {"mqtt.init", "\"slot\":0,\"token\":0,\"cid\":1", -32602, "token"},
        {"mqtt.init", "\"slot\":0,\"token\":4294967296,\"cid\":1", -32602, "token"},
        {"mqtt.init", "\"slot\":0,\"token\":1", -32602, "cid"},
        {"mqtt.init", "\"slot\":0,\"token\":1,\"cid\":1,\"after\":\"free\"", -32602, "after"},
        {"mqtt.init", "\"slot\":0,\"token\":1,\"cid\":1,\"client\":\"other\"", -32602, "client"},
        {"mqtt.init", "\"slot\":0,\"token\":1,\"cid\":1,\"client\":{}", -32602, "client"},
        {"mqtt.init", "\"slot\":0,\"token\":1,\"cid\":1,\"client\":{\"slot\":0,\"value\":1}", -32602, "client"},
        {"mqtt.init", "\"slot\":0,\"token\":1,\"cid\":1,\"client\":{\"slot\":6}", -32602, "slot"},
        {"mqtt.init", "\"slot\":0,\"token\":1,\"cid\":1,\"client\":7", -32602, "client"},
        {"mqtt.onenet_token", "\"slot\":0,\"token\":1,\"expireTime\":1,\"client\":\"own\"", -32602, "client"},
        {"mqtt.onenet_token", "\"slot\":0,\"token\":1,\"expireTime\":1,\"version\":5", -32602, "version"},
        {"mqtt.publish", "\"slot\":0,\"token\":1,\"topic\":5", -32602, "topic"},
        {"mqtt.publish", "\"slot\":0,\"token\":1,\"payload\":{\"hex\":\"0\"}", -32602, "payload"},
        {"mqtt.publish", "\"slot\":0,\"token\":1,\"payload\":\"ab\",\"length\":3", -32602, "length"},
        {"mqtt.publish", "\"slot\":0,\"token\":1,\"payload\":{\"length\":65536}", -32602, "length"},
        {"mqtt.publish", "\"slot\":0,\"token\":1,\"length\":65536", -32602, "length"},
        {"mqtt.publish", "\"slot\":0,\"token\":1,\"qos\":256", -32602, "qos"},
        {"mqtt.connect", "\"slot\":0,\"token\":1,\"info\":5", -32602, "info"},
        {"mqtt.connect", "\"slot\":0,\"token\":1,\"info\":{\"will\":1}", -32602, "will"},
        {"mqtt.connect", "\"slot\":0,\"token\":1,\"info\":{\"willMsg\":1}", -32602, "willMsg"},
        {"mqtt.connect", "\"slot\":0,\"token\":1,\"info\":{\"ssl\":1}", -32602, "ssl"},
        {"mqtt.connect", "\"slot\":0,\"token\":1,\"info\":{\"ssl\":{\"clientKey\":1}}", -32602, "clientKey"},
        {"mqtt.connect", "\"slot\":0,\"token\":1,\"host\":{}", -32602, "host"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_refused(cases[i].method, cases[i].params, cases[i].code, cases[i].data);
    assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);
    assert_int_equal(shim_the.arena.count, 0);
}

static void arguments_beyond_the_memory_for_them_are_too_large(void **state)
{
    (void)state;
    expect_refused("mqtt.connect", "\"slot\":0,\"token\":1,\"host\":{\"length\":65536},\"info\":{\"user\":{\"length\":65536},\"pass\":{\"length\":65536}}", -32008, NULL);
}

static void a_token_in_use_is_not_taken_again(void **state)
{
    (void)state;
    rig_request(2, "mqtt.publish", "\"slot\":0,\"token\":7,\"topic\":\"t\"");
    rig_request(3, "mqtt.publish", "\"slot\":1,\"token\":7,\"topic\":\"t\"");
    rig_line();
    assert_non_null(strstr(rig_line(), "\"data\":\"token\""));
}

static void sixteen_calls_wait_on_a_slot_and_no_more(void **state)
{
    (void)state;
    for (int i = 0; i < SHIM_SLOT_WAITING; i++) {
        char params[64];
        snprintf(params, sizeof params, "\"slot\":0,\"token\":%d", 100 + i);
        rig_request(2 + i, "mqtt.is_connected", params);
        assert_non_null(strstr(rig_line(), "\"accepted\""));
    }
    rig_request(40, "mqtt.is_connected", "\"slot\":0,\"token\":200");
    assert_non_null(strstr(rig_line(), "\"message\":\"BUSY\""));
    rig_request(41, "mqtt.is_connected", "\"slot\":1,\"token\":201");
    assert_non_null(strstr(rig_line(), "\"accepted\""));

    rig_work();

    assert_int_equal(memory_sdk.calls, SHIM_SLOT_WAITING + 1);
    assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);
}

static void the_slot_tells_of_a_call_that_hangs(void)
{
    memory_sdk.during_call = NULL;
    rig_request(50, "slots", "");
    assert_non_null(strstr(rig_line(), "[\"free\",\"free\",\"busy\",\"free\",\"free\",\"free\"]"));
    memory_sdk.now_ms += SHIM_WEDGED_MS + 1;
    rig_request(51, "slots", "");
    assert_non_null(strstr(rig_line(), "[\"free\",\"free\",\"wedged\",\"free\",\"free\",\"free\"]"));
    rig_request(52, "mqtt.is_connected", "\"slot\":2,\"token\":8");
    assert_non_null(strstr(rig_line(), "\"code\":-32006,\"message\":\"SLOT_WEDGED\""));
    rig_request(53, "mqtt.is_connected", "\"slot\":3,\"token\":9");
    assert_non_null(strstr(rig_line(), "\"accepted\":9"));
}

static void a_slot_is_busy_while_a_call_runs_and_wedged_when_it_does_not_return(void **state)
{
    (void)state;
    rig_request(2, "mqtt.deinit", "\"slot\":2,\"token\":7");
    rig_drain();
    memory_sdk.during_call = the_slot_tells_of_a_call_that_hangs;

    rig_work();

    assert_null(memory_sdk.during_call);
    rig_drain();
    rig_request(60, "slots", "");
    assert_non_null(strstr(rig_line(), "[\"free\",\"free\",\"free\""));
}

static void a_batch_runs_back_to_back_and_is_answered_in_one_line(void **state)
{
    (void)state;
    rig_send("[{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"mqtt.init\",\"params\":{\"link\":1,\"slot\":0,\"token\":10,\"cid\":1}},"
             "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"mqtt.is_connected\",\"params\":{\"link\":1,\"slot\":0,\"token\":11}},"
             "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"mqtt.deinit\",\"params\":{\"link\":1,\"slot\":0,\"token\":12}}]");
    rig_work();

    rig_expect("[{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"accepted\":10}},{\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"accepted\":11}},"
               "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{\"accepted\":12}}]");
    assert_int_equal(memory_sdk.calls, 3);
}

static void a_batch_sent_again_gets_its_first_answers(void **state)
{
    (void)state;
    static const char batch[] = "[{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"mqtt.is_connected\",\"params\":{\"link\":1,\"slot\":0,\"token\":11}}]";
    rig_send(batch);
    rig_send(batch);
    rig_work();
    rig_expect("[{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"accepted\":11}}]");
    rig_expect("[{\"jsonrpc\":\"2.0\",\"id\":2,\"result\":{\"accepted\":11}}]");
    assert_int_equal(memory_sdk.calls, 1);
}

static void a_batch_on_several_slots_is_refused_whole(void **state)
{
    (void)state;
    rig_send("[{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"mqtt.is_connected\",\"params\":{\"link\":1,\"slot\":0,\"token\":11}},"
             "{\"jsonrpc\":\"2.0\",\"id\":3,\"method\":\"mqtt.is_connected\",\"params\":{\"link\":1,\"slot\":1,\"token\":12}},5]");
    rig_work();
    rig_expect("[{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32600,\"message\":\"INVALID_REQUEST\"}},"
               "{\"jsonrpc\":\"2.0\",\"id\":3,\"error\":{\"code\":-32600,\"message\":\"INVALID_REQUEST\"}},"
               "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"INVALID_REQUEST\"}}]");
    assert_int_equal(memory_sdk.calls, 0);
}

static void what_is_no_call_is_refused_in_a_batch(void **state)
{
    (void)state;
    rig_send("[{\"jsonrpc\":\"2.0\",\"id\":2,\"method\":\"clock.read\",\"params\":{\"link\":1}},7,"
             "{\"jsonrpc\":\"2.0\",\"method\":\"mqtt.is_connected\",\"params\":{\"link\":1,\"slot\":0,\"token\":12}},"
             "{\"jsonrpc\":\"2.0\",\"id\":4,\"method\":\"mqtt.is_connected\",\"params\":{\"link\":1,\"slot\":0,\"token\":12}}]");
    rig_work();
    rig_expect("[{\"jsonrpc\":\"2.0\",\"id\":2,\"error\":{\"code\":-32600,\"message\":\"INVALID_REQUEST\"}},"
               "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"INVALID_REQUEST\"}},"
               "{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"INVALID_REQUEST\"}},"
               "{\"jsonrpc\":\"2.0\",\"id\":4,\"result\":{\"accepted\":12}}]");
    assert_int_equal(memory_sdk.calls, 1);
}

static void a_batch_of_more_than_sixteen_is_no_request(void **state)
{
    (void)state;
    rig_send("[1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17]");
    rig_expect("{\"jsonrpc\":\"2.0\",\"id\":null,\"error\":{\"code\":-32600,\"message\":\"INVALID_REQUEST\"}}");
}

static void a_full_batch_of_sixteen_fits(void **state)
{
    (void)state;
    char json[SHIM_LINE_IN] = "[";
    for (int i = 0; i < SHIM_BATCH; i++) {
        char one[160];
        snprintf(one, sizeof one, "%s{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"mqtt.is_connected\",\"params\":{\"link\":1,\"slot\":0,\"token\":%d,\"after\":\"keep\"}}",
                 i == 0 ? "" : ",", 2 + i, 10 + i);
        strcat(json, one);
    }
    strcat(json, "]");
    rig_send(json);
    rig_work();
    assert_null(strstr(rig_line(), "error"));
    assert_int_equal(memory_sdk.calls, SHIM_BATCH);
}

static void calls_are_refused_when_their_events_would_find_no_room(void **state)
{
    (void)state;
    int accepted = 0;
    const char *line;
    /* Nothing is acknowledged; the callbacks are let come, so that all their events are there. */
    do {
        char params[80];
        snprintf(params, sizeof params, "\"slot\":0,\"token\":%d,\"topic\":\"t\"", 1000 + accepted);
        line = rig_ask(2 + accepted, "mqtt.publish", params);
        memory_sdk_callbacks(9);
        accepted++;
    } while (strstr(line, "accepted") != NULL && accepted < 1000);

    assert_non_null(strstr(line, "\"code\":-32005,\"message\":\"QUEUE_FULL\""));
    assert_int_equal(shim_the.losses[SHIM_CB_REQUEST], 0);
    assert_int_equal(shim_the.events.last, (accepted - 1) * 4);
    rig_drain();
    rig_request(2000, "events.ack", "\"upTo\":400");
    rig_drain();
    rig_request(2001, "mqtt.publish", "\"slot\":0,\"token\":1,\"topic\":\"t\"");
    assert_non_null(strstr(rig_line(), "\"accepted\""));
}

static void callbacks_that_never_come_hold_their_room_until_deinit(void **state)
{
    (void)state;
    memory_sdk.callback_never = true;
    for (int i = 0; i < 100; i++) {
        char params[80];
        snprintf(params, sizeof params, "\"slot\":0,\"token\":%d,\"topic\":\"t\"", 1000 + i);
        call("mqtt.publish", params);
    }
    assert_true(shim_the.events.reserved > shim_the.reserved_reset);

    call("mqtt.deinit", "\"slot\":0,\"token\":7");

    assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);
}

static void a_call_that_fails_holds_nothing_afterwards(void **state)
{
    (void)state;
    memory_sdk.callback_never = true;
    memory_sdk.has_ret = true;
    memory_sdk.ret = -6;
    call("mqtt.publish", "\"slot\":0,\"token\":7,\"topic\":\"t\"");
    assert_int_equal(shim_the.events.reserved, shim_the.reserved_reset);
    assert_int_equal(shim_the.calls[0].state, SHIM_CALL_FREE);
}

static void more_calls_than_there_are_places_for_are_queue_full(void **state)
{
    (void)state;
    for (int i = 0; i < SHIM_CALLS; i++)
        shim_the.calls[i].state = SHIM_CALL_PENDING;
    expect_refused("mqtt.is_connected", "\"slot\":0,\"token\":7", -32005, NULL);
}

static void arguments_stay_as_they_are_until_the_callback_came(void **state)
{
    (void)state;
    call("mqtt.publish", "\"slot\":0,\"token\":7,\"topic\":\"topic-7\",\"payload\":{\"length\":60000}");
    const char *topic = memory_sdk.text;
    /* Others come and go through the rest of the memory. */
    memory_sdk.callback_never = true;
    for (int i = 0; i < 5; i++) {
        char params[96];
        snprintf(params, sizeof params, "\"slot\":0,\"token\":%d,\"cb\":false,\"payload\":{\"length\":65000}", 20 + i);
        call("mqtt.publish", params);
    }
    assert_int_equal(memory_sdk.calls, 6);
    assert_string_equal(topic, "topic-7");
}

#define OPENED(test) cmocka_unit_test_setup_teardown(test, open_rig, rig_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        OPENED(a_call_is_accepted_at_once_and_its_outcome_comes_as_events),
        OPENED(connect_passes_every_field),
        OPENED(what_connect_does_not_name_is_null_zero_and_a_clean_session),
        OPENED(fields_of_the_later_sdk_are_passed_or_refused_by_name),
        OPENED(setopt_is_called_where_the_sdk_has_it),
        OPENED(publish_passes_topic_payload_and_its_length),
        OPENED(the_largest_topic_and_payload_fit_together),
        OPENED(sub_unsub_subscribes_unless_told_otherwise),
        OPENED(a_generated_token_is_reported_with_its_text),
        OPENED(the_other_functions_are_called_with_the_slots_client),
        OPENED(the_client_pointer_can_be_any),
        OPENED(a_call_that_is_not_right_is_refused_and_does_not_run),
        OPENED(arguments_beyond_the_memory_for_them_are_too_large),
        OPENED(a_token_in_use_is_not_taken_again),
        OPENED(sixteen_calls_wait_on_a_slot_and_no_more),
        OPENED(a_slot_is_busy_while_a_call_runs_and_wedged_when_it_does_not_return),
        OPENED(a_batch_runs_back_to_back_and_is_answered_in_one_line),
        OPENED(a_batch_sent_again_gets_its_first_answers),
        OPENED(a_batch_on_several_slots_is_refused_whole),
        OPENED(what_is_no_call_is_refused_in_a_batch),
        OPENED(a_batch_of_more_than_sixteen_is_no_request),
        OPENED(a_full_batch_of_sixteen_fits),
        OPENED(calls_are_refused_when_their_events_would_find_no_room),
        OPENED(callbacks_that_never_come_hold_their_room_until_deinit),
        OPENED(a_call_that_fails_holds_nothing_afterwards),
        OPENED(more_calls_than_there_are_places_for_are_queue_full),
        OPENED(arguments_stay_as_they_are_until_the_callback_came),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
