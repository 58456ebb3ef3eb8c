/* The event ring, event JSON, kept answers, session. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../core/answers.h"
#include "../core/event.h"
#include "../core/session.h"

static bool put(struct shim_ring *ring, const char *bytes, size_t reserved)
{
    if (!shim_ring_open(ring, strlen(bytes), reserved))
        return false;
    shim_ring_put(ring, bytes, strlen(bytes));
    return true;
}

static void expect_next(struct shim_ring *ring, uint32_t number, const char *bytes)
{
    char record[64];
    size_t length = shim_ring_peek(ring);
    assert_int_equal(length, strlen(bytes));
    assert_int_equal(shim_ring_take(ring, record), number);
    assert_memory_equal(record, bytes, length);
}

static void records_come_out_in_order_and_numbered_from_1(void **state)
{
    (void)state;
    uint8_t room[32];
    struct shim_ring ring;
    shim_ring_init(&ring, room, sizeof room);

    assert_int_equal(shim_ring_peek(&ring), 0);
    assert_true(put(&ring, "one", 0));
    assert_true(put(&ring, "three", 0));

    expect_next(&ring, 1, "one");
    expect_next(&ring, 2, "three");
    assert_int_equal(shim_ring_peek(&ring), 0);
}

static void records_that_wrap_round_the_end_stay_whole(void **state)
{
    (void)state;
    uint8_t room[23];
    struct shim_ring ring;
    shim_ring_init(&ring, room, sizeof room);

    for (uint32_t i = 1; i <= 100; i++) {
        char text[8] = {(char)('a' + i % 26), (char)('a' + i / 26), 'x', 'y', '\0'};
        text[2 + i % 3] = '\0';
        assert_true(put(&ring, text, 0));
        expect_next(&ring, i, text);
        if (i > 2)
            shim_ring_acknowledge(&ring, i - 2);
    }
}

static void a_full_ring_takes_nothing_until_something_is_acknowledged(void **state)
{
    (void)state;
    uint8_t room[12];
    struct shim_ring ring;
    shim_ring_init(&ring, room, sizeof room);

    assert_true(put(&ring, "abcd", 0));
    assert_true(put(&ring, "efgh", 0));
    assert_false(put(&ring, "", 0));
    expect_next(&ring, 1, "abcd");
    assert_false(put(&ring, "x", 0));
    shim_ring_acknowledge(&ring, 1);

    assert_true(put(&ring, "ijkl", 0));
    expect_next(&ring, 2, "efgh");
    expect_next(&ring, 3, "ijkl");
    assert_int_equal(ring.peak, 12);
}

static void reserved_bytes_are_there_when_everything_else_is_full(void **state)
{
    (void)state;
    uint8_t room[18];
    struct shim_ring ring;
    shim_ring_init(&ring, room, sizeof room);

    assert_true(shim_ring_reserve(&ring, shim_ring_cost(4)));
    assert_false(shim_ring_reserve(&ring, 13));
    assert_true(put(&ring, "abcd", 0));
    assert_true(put(&ring, "efgh", 0));
    assert_false(put(&ring, "x", 0));

    assert_true(put(&ring, "ijkl", shim_ring_cost(4)));
    assert_int_equal(ring.reserved, 0);
}

static void what_is_sent_stays_until_it_is_acknowledged_and_is_sent_again_when_asked(void **state)
{
    (void)state;
    uint8_t room[64];
    struct shim_ring ring;
    shim_ring_init(&ring, room, sizeof room);
    static const char *const texts[] = {"a", "bb", "ccc", "dddd"};
    for (int i = 0; i < 4; i++)
        put(&ring, texts[i], 0);
    expect_next(&ring, 1, "a");
    expect_next(&ring, 2, "bb");
    expect_next(&ring, 3, "ccc");

    assert_int_equal(shim_ring_rewind(&ring, 2), 2);
    expect_next(&ring, 2, "bb");
    shim_ring_acknowledge(&ring, 2);
    assert_int_equal(shim_ring_rewind(&ring, 1), 3);
    expect_next(&ring, 3, "ccc");
    assert_int_equal(shim_ring_rewind(&ring, 99), 5);
    assert_int_equal(shim_ring_peek(&ring), 0);
}

static void acknowledging_what_was_not_sent_moves_on(void **state)
{
    (void)state;
    uint8_t room[64];
    struct shim_ring ring;
    shim_ring_init(&ring, room, sizeof room);
    put(&ring, "a", 0);
    put(&ring, "b", 0);
    put(&ring, "c", 0);

    shim_ring_acknowledge(&ring, 2);
    expect_next(&ring, 3, "c");
    shim_ring_acknowledge(&ring, 99);
    assert_int_equal(ring.used, 0);
    assert_int_equal(ring.first, 4);
}

static void a_cleared_ring_numbers_anew_and_keeps_its_reservations(void **state)
{
    (void)state;
    uint8_t room[64];
    struct shim_ring ring;
    shim_ring_init(&ring, room, sizeof room);
    shim_ring_reserve(&ring, 10);
    put(&ring, "a", 0);

    shim_ring_clear(&ring);

    assert_int_equal(ring.reserved, 10);
    put(&ring, "b", 0);
    expect_next(&ring, 1, "b");
}

static void expect_json(const struct shim_event *event, const char *json)
{
    static uint8_t room[4096];
    static char out[SHIM_LINE_OUT];
    uint8_t record[SHIM_EVENT_BYTES];
    struct shim_ring ring;
    struct shim_event read;
    struct shim_text text;
    shim_ring_init(&ring, room, sizeof room);
    assert_int_equal(shim_event_append(&ring, event, 0), 1);
    size_t length = shim_ring_peek(&ring);
    shim_ring_take(&ring, record);
    shim_event_read(&read, record);
    shim_text_init(&text, out, SHIM_EVENT_JSON(length));
    shim_event_json(&text, &read, 7);
    assert_false(text.overflow);
    assert_int_equal(text.used, strlen(json));
    assert_memory_equal(out, json, text.used);
}

static void every_event_is_written_as_the_protocol_has_it(void **state)
{
    (void)state;
    struct shim_event event = {
        .t = 90210, .kind = SHIM_EVENT_CALL, .task = 2, .slot = 0, .as.call = {.token = 4294967295, .in = 0, .fn = SHIM_FN_publish}};
    expect_json(&event, "{\"seq\":7,\"t\":90210,\"e\":\"call\",\"token\":4294967295,\"fn\":\"publish\",\"slot\":0,\"task\":2}");

    event.as.call.in = 5;
    expect_json(&event, "{\"seq\":7,\"t\":90210,\"e\":\"call\",\"token\":4294967295,\"fn\":\"publish\",\"slot\":0,\"task\":2,\"in\":5}");

    event = (struct shim_event){
        .t = 1, .kind = SHIM_EVENT_RET, .task = 2, .slot = 5, .as.ret = {.token = 1, .ret = -2, .handle = 3, .fn = SHIM_FN_is_connected}};
    expect_json(&event, "{\"seq\":7,\"t\":1,\"e\":\"ret\",\"token\":1,\"fn\":\"is_connected\",\"slot\":5,\"task\":2,\"ret\":-2,\"handle\":3}");

    event.as.ret = (struct shim_event_ret){.token = 1, .ret = 1, .fn = SHIM_FN_onenet_token};
    event.text = shim_digest_text("version=1", 9, SHIM_TOKEN_TEXT_KEPT);
    expect_json(&event, "{\"seq\":7,\"t\":1,\"e\":\"ret\",\"token\":1,\"fn\":\"onenet_token\",\"slot\":5,\"task\":2,\"ret\":1,\"handle\":0,\"text\":\"version=1\"}");

    event = (struct shim_event){.t = 3,
                                .kind = SHIM_EVENT_ENTER,
                                .task = 1,
                                .slot = -1,
                                .as.enter = {.arg = 1, .handle = 0, .value = 257, .cb = SHIM_CB_CONNECT, .client = SHIM_CLIENT_NULL}};
    expect_json(&event, "{\"seq\":7,\"t\":3,\"e\":\"enter\",\"cb\":\"connect\",\"arg\":1,\"slot\":-1,\"handle\":0,\"client\":\"null\",\"task\":1,\"status\":257}");

    event.as.enter.cb = SHIM_CB_DISCONNECT;
    event.as.enter.client = SHIM_CLIENT_OTHER;
    expect_json(&event, "{\"seq\":7,\"t\":3,\"e\":\"enter\",\"cb\":\"disconnect\",\"arg\":1,\"slot\":-1,\"handle\":0,\"client\":\"other\",\"task\":1,\"err\":257}");

    event.as.enter.cb = SHIM_CB_EXCEPTION;
    event.as.enter.client = SHIM_CLIENT_FOREIGN;
    expect_json(&event, "{\"seq\":7,\"t\":3,\"e\":\"enter\",\"cb\":\"exception\",\"slot\":-1,\"handle\":0,\"client\":\"foreign\",\"task\":1}");

    event = (struct shim_event){.t = 4, .kind = SHIM_EVENT_LEAVE, .task = 1, .slot = -1, .as.leave = {.enter = 6, .cb = SHIM_CB_REQUEST}};
    expect_json(&event, "{\"seq\":7,\"t\":4,\"e\":\"leave\",\"cb\":\"request\",\"enter\":6,\"task\":1}");

    event = (struct shim_event){.kind = SHIM_EVENT_RESET, .text = shim_digest_text("asked", 5, 64), .more = shim_digest_none()};
    expect_json(&event, "{\"seq\":7,\"t\":0,\"e\":\"reset\",\"why\":\"asked\"}");

    event = (struct shim_event){
        .kind = SHIM_EVENT_AT, .as.at = {.request = 12, .done = true}, .text = shim_digest_text("OK", 2, 512), .more = shim_digest_none()};
    expect_json(&event, "{\"seq\":7,\"t\":0,\"e\":\"at\",\"request\":12,\"line\":\"OK\",\"done\":true}");

    event = (struct shim_event){
        .kind = SHIM_EVENT_NETWORK, .text = shim_digest_text("data-call", 9, 64), .more = shim_digest_text("down", 4, 64)};
    expect_json(&event, "{\"seq\":7,\"t\":0,\"e\":\"network\",\"what\":\"data-call\",\"value\":\"down\"}");

    event = (struct shim_event){.kind = SHIM_EVENT_LOST};
    event.as.lost.counts[SHIM_CB_INPUB] = 3;
    event.as.lost.counts[SHIM_LOSS_NETWORK] = 1;
    expect_json(&event, "{\"seq\":7,\"t\":0,\"e\":\"lost\",\"counts\":{\"inpub\":3,\"network\":1}}");
}

static struct shim_event inpub(const char *topic, const void *payload, size_t length)
{
    return (struct shim_event){
        .t = 1,
        .kind = SHIM_EVENT_ENTER,
        .as.enter = {.arg = 9, .handle = 1, .value = 3, .capture = 4, .cb = SHIM_CB_INPUB, .client = SHIM_CLIENT_SAME},
        .text = shim_digest_topic(topic),
        .more = shim_digest_payload(payload, length),
    };
}

static void an_inbound_message_is_described_by_length_digest_and_beginning(void **state)
{
    (void)state;
    struct shim_event event = inpub("a/\"b", "123456789", 9);
    expect_json(&event, "{\"seq\":7,\"t\":1,\"e\":\"enter\",\"cb\":\"inpub\",\"arg\":9,\"slot\":0,\"handle\":1,\"client\":\"same\",\"task\":0,\"pktId\":3,"
                        "\"topic\":{\"length\":4,\"crc32\":2512455923,\"text\":\"a/\\\"b\"},"
                        "\"payload\":{\"length\":9,\"crc32\":3421780262,\"head\":\"313233343536373839\",\"capture\":4}}");

    event = inpub(NULL, NULL, 5);
    expect_json(&event, "{\"seq\":7,\"t\":1,\"e\":\"enter\",\"cb\":\"inpub\",\"arg\":9,\"slot\":0,\"handle\":1,\"client\":\"same\",\"task\":0,\"pktId\":3,"
                        "\"topic\":null,\"payload\":null}");

    event = inpub("\xff\x01", "", 0);
    expect_json(&event, "{\"seq\":7,\"t\":1,\"e\":\"enter\",\"cb\":\"inpub\",\"arg\":9,\"slot\":0,\"handle\":1,\"client\":\"same\",\"task\":0,\"pktId\":3,"
                        "\"topic\":{\"length\":2,\"crc32\":2784681755,\"hex\":\"ff01\"},"
                        "\"payload\":{\"length\":0,\"crc32\":0,\"head\":\"\",\"capture\":4}}");
}

static void a_long_topic_is_cut_before_the_character_that_does_not_fit(void **state)
{
    (void)state;
    char topic[201] = "";
    topic[0] = 'a';
    for (int i = 0; i < 99; i++)
        memcpy(topic + 1 + 2 * i, "\xc3\xa9", 2);
    struct shim_event event = inpub(topic, NULL, 0);

    assert_int_equal(event.text.length, strlen(topic));
    assert_int_equal(event.text.kept, SHIM_TOPIC_KEPT - 1);
}

static void the_worst_event_fits_the_room_that_is_counted_on_for_it(void **state)
{
    (void)state;
    static char worst[SHIM_TOKEN_TEXT_KEPT + 1];
    memset(worst, 1, sizeof worst - 1);
    struct shim_event event = {.t = INT64_MAX, .kind = SHIM_EVENT_RET, .task = 255, .slot = -1, .as.ret = {.token = UINT32_MAX, .ret = INT32_MIN, .handle = INT32_MIN, .fn = SHIM_FN_onenet_token}};
    event.text = shim_digest_text(worst, sizeof worst - 1, SHIM_TOKEN_TEXT_KEPT);

    uint8_t room[2048];
    uint8_t record[SHIM_EVENT_BYTES];
    static char out[SHIM_LINE_OUT];
    struct shim_ring ring;
    struct shim_event read;
    struct shim_text text;
    shim_ring_init(&ring, room, sizeof room);
    shim_event_append(&ring, &event, 0);
    size_t length = shim_ring_peek(&ring);
    assert_true(length <= sizeof record);
    assert_int_equal(shim_ring_cost(length), shim_event_cost(SHIM_EVENT_RET, SHIM_TOKEN_TEXT_KEPT));
    shim_ring_take(&ring, record);
    shim_event_read(&read, record);
    shim_text_init(&text, out, SHIM_EVENT_JSON(length));
    shim_event_json(&text, &read, UINT32_MAX);

    assert_false(text.overflow);
    assert_true(SHIM_EVENT_JSON(length) + 100 < SHIM_LINE_OUT);
}

static void nothing_without_a_reserved_place_finds_room_where_the_tale_of_losses_does_not(void **state)
{
    (void)state;
    size_t lost = shim_event_cost(SHIM_EVENT_LOST, 0);

    assert_true(lost <= shim_event_cost(SHIM_EVENT_ENTER, 0) + shim_event_cost(SHIM_EVENT_LEAVE, 0));
    assert_true(lost <= shim_event_cost(SHIM_EVENT_AT, 1));
    assert_true(lost <= shim_event_cost(SHIM_EVENT_NETWORK, strlen("data-call" "up")));
}

static struct shim_answers answers;
static char texts[SHIM_ANSWER_TEXTS];

static enum shim_seen begin_and_finish(uint32_t id)
{
    struct shim_answer *answer;
    enum shim_seen seen = shim_answers_begin(&answers, id, &answer);
    if (seen == SHIM_SEEN_NEVER)
        answer->done = true;
    return seen;
}

static void a_request_is_new_once_and_then_known(void **state)
{
    (void)state;
    struct shim_answer *answer;
    shim_answers_init(&answers, texts);

    assert_int_equal(shim_answers_begin(&answers, 5, &answer), SHIM_SEEN_NEVER);
    assert_int_equal(shim_answers_begin(&answers, 5, &answer), SHIM_SEEN_RUNNING);
    answer->done = true;
    assert_int_equal(shim_answers_begin(&answers, 5, &answer), SHIM_SEEN_DONE);
    assert_int_equal(begin_and_finish(4), SHIM_SEEN_NEVER);
}

static void answers_are_kept_for_32_requests_and_older_ones_are_refused(void **state)
{
    (void)state;
    shim_answers_init(&answers, texts);
    for (uint32_t id = 1; id <= 33; id++)
        assert_int_equal(begin_and_finish(id), SHIM_SEEN_NEVER);

    assert_int_equal(begin_and_finish(1), SHIM_SEEN_TOO_OLD);
    assert_int_equal(begin_and_finish(2), SHIM_SEEN_DONE);
    assert_int_equal(begin_and_finish(33), SHIM_SEEN_DONE);
}

static void a_request_that_was_lost_on_the_line_still_runs_when_it_comes_late(void **state)
{
    (void)state;
    shim_answers_init(&answers, texts);
    for (uint32_t id = 1; id <= 40; id++)
        if (id != 30)
            begin_and_finish(id);

    assert_int_equal(begin_and_finish(30), SHIM_SEEN_NEVER);
    assert_int_equal(begin_and_finish(30), SHIM_SEEN_DONE);
}

static void no_id_ever_runs_twice_in_whatever_order_ids_come(void **state)
{
    (void)state;
    static bool ran[128];
    uint32_t random = 2463534242u;
    memset(ran, 0, sizeof ran);
    shim_answers_init(&answers, texts);
    for (int i = 0; i < 20000; i++) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        uint32_t id = 1 + random % 127;
        bool is_new = begin_and_finish(id) == SHIM_SEEN_NEVER;
        assert_false(is_new && ran[id]);
        ran[id] = ran[id] || is_new;
    }
}

static void what_is_in_progress_is_known_however_many_requests_follow(void **state)
{
    (void)state;
    struct shim_answer *answer;
    shim_answers_init(&answers, texts);
    shim_answers_begin(&answers, 1, &answer);
    for (uint32_t id = 2; id <= 200; id++)
        begin_and_finish(id);

    assert_int_equal(shim_answers_begin(&answers, 1, &answer), SHIM_SEEN_RUNNING);
}

static void when_all_are_in_progress_no_more_is_begun(void **state)
{
    (void)state;
    struct shim_answer *answer;
    shim_answers_init(&answers, texts);
    for (uint32_t id = 1; id <= SHIM_ANSWERS_KEPT; id++)
        assert_int_equal(shim_answers_begin(&answers, id, &answer), SHIM_SEEN_NEVER);

    assert_int_equal(shim_answers_begin(&answers, 99, &answer), SHIM_SEEN_TOO_OLD);
}

static void the_outbox_keeps_order_and_its_bound(void **state)
{
    (void)state;
    struct shim_outgoing outgoing;
    shim_answers_init(&answers, texts);
    for (uint32_t round = 0; round < 3; round++) {
        for (uint32_t id = 1; id <= SHIM_OUTBOX; id++)
            assert_true(shim_outbox_put(&answers, (struct shim_outgoing){.id = id}));
        assert_false(shim_outbox_put(&answers, (struct shim_outgoing){.id = 999}));
        for (uint32_t id = 1; id <= SHIM_OUTBOX; id++) {
            assert_true(shim_outbox_take(&answers, &outgoing));
            assert_int_equal(outgoing.id, id);
        }
        assert_false(shim_outbox_take(&answers, &outgoing));
        shim_outbox_put(&answers, outgoing);
        shim_outbox_take(&answers, &outgoing);
    }
}

static void a_nonce_is_16_lower_case_hex_digits(void **state)
{
    (void)state;
    assert_true(shim_nonce_valid("0123456789abcdef"));
    assert_false(shim_nonce_valid("0123456789ABCDEF"));
    assert_false(shim_nonce_valid("0123456789abcde"));
    assert_false(shim_nonce_valid("0123456789abcdef0"));
    assert_false(shim_nonce_valid(""));
}

static void the_link_rises_with_every_hello_but_a_repeated_one(void **state)
{
    (void)state;
    struct shim_session session = {.number = 0};

    assert_int_equal(shim_session_hello(&session, "aaaaaaaaaaaaaaa1", 0, 0, 0), SHIM_HELLO_FRESH);
    assert_int_equal(session.link, 1);
    assert_int_equal(shim_session_hello(&session, "aaaaaaaaaaaaaaa1", 0, 0, 0), SHIM_HELLO_REPEATED);
    assert_int_equal(session.link, 1);
    assert_int_equal(shim_session_hello(&session, "bbbbbbbbbbbbbbb2", 1, 3, 9), SHIM_HELLO_RESUMED);
    assert_int_equal(session.link, 2);
    assert_int_equal(session.number, 1);
    assert_string_equal(session.boot, "aaaaaaaa");
}

static void only_the_open_session_is_resumed(void **state)
{
    (void)state;
    struct shim_session session = {.number = 0};
    shim_session_hello(&session, "aaaaaaaaaaaaaaa1", 7, 0, 0);
    assert_int_equal(session.number, 1);

    assert_int_equal(shim_session_hello(&session, "aaaaaaaaaaaaaaa2", 2, 0, 5), SHIM_HELLO_FRESH);
    assert_int_equal(shim_session_hello(&session, "aaaaaaaaaaaaaaa3", 2, 6, 5), SHIM_HELLO_FRESH);
    session.is_open = false;
    assert_int_equal(shim_session_hello(&session, "aaaaaaaaaaaaaaa4", 3, 0, 0), SHIM_HELLO_FRESH);
    assert_int_equal(session.number, 4);
    assert_int_equal(session.link, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records_come_out_in_order_and_numbered_from_1),
        cmocka_unit_test(records_that_wrap_round_the_end_stay_whole),
        cmocka_unit_test(a_full_ring_takes_nothing_until_something_is_acknowledged),
        cmocka_unit_test(reserved_bytes_are_there_when_everything_else_is_full),
        cmocka_unit_test(what_is_sent_stays_until_it_is_acknowledged_and_is_sent_again_when_asked),
        cmocka_unit_test(acknowledging_what_was_not_sent_moves_on),
        cmocka_unit_test(a_cleared_ring_numbers_anew_and_keeps_its_reservations),
        cmocka_unit_test(every_event_is_written_as_the_protocol_has_it),
        cmocka_unit_test(an_inbound_message_is_described_by_length_digest_and_beginning),
        cmocka_unit_test(a_long_topic_is_cut_before_the_character_that_does_not_fit),
        cmocka_unit_test(the_worst_event_fits_the_room_that_is_counted_on_for_it),
        cmocka_unit_test(nothing_without_a_reserved_place_finds_room_where_the_tale_of_losses_does_not),
        cmocka_unit_test(a_request_is_new_once_and_then_known),
        cmocka_unit_test(answers_are_kept_for_32_requests_and_older_ones_are_refused),
        cmocka_unit_test(a_request_that_was_lost_on_the_line_still_runs_when_it_comes_late),
        cmocka_unit_test(no_id_ever_runs_twice_in_whatever_order_ids_come),
        cmocka_unit_test(what_is_in_progress_is_known_however_many_requests_follow),
        cmocka_unit_test(when_all_are_in_progress_no_more_is_begun),
        cmocka_unit_test(the_outbox_keeps_order_and_its_bound),
        cmocka_unit_test(a_nonce_is_16_lower_case_hex_digits),
        cmocka_unit_test(the_link_rises_with_every_hello_but_a_repeated_one),
        cmocka_unit_test(only_the_open_session_is_resumed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
