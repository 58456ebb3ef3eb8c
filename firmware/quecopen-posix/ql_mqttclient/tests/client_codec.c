/* Golden bytes of everything that the client sends. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "codec.h"
#include "defects.h"

static struct mq_bytes out;

static int empty(void **state)
{
    (void)state;
    mq_defects_clear();
    mq_bytes_free(&out);
    return 0;
}

static void assert_packet(const void *bytes, size_t length)
{
    assert_int_equal(mq_bytes_length(&out), length);
    assert_memory_equal(mq_bytes_first(&out), bytes, length);
}

#define ASSERT_PACKET(text) assert_packet(text, sizeof text - 1)

static void connect_with_nothing_but_an_id(void **state)
{
    char id[] = "ab";
    const struct mq_info info = { .client_id = id, .clean_session = true, .keep_alive_s = 60 };

    assert_true(mq_encode_connect(&out, &info, 4));

    (void)state;
    ASSERT_PACKET("\x10\x0e\x00\x04MQTT\x04\x02\x00\x3c\x00\x02"
                  "ab");
}

static void connect_with_every_field(void **state)
{
    char id[] = "i";
    char topic[] = "w/t";
    char message[] = "bye";
    char user[] = "u";
    char password[] = "";
    const struct mq_info info = { .client_id = id,
                                  .user = user,
                                  .password = password,
                                  .will_topic = topic,
                                  .will_message = message,
                                  .will_qos = 2,
                                  .will_retain = true,
                                  .keep_alive_s = 65535 };

    assert_true(mq_encode_connect(&out, &info, 4));

    (void)state;
    ASSERT_PACKET("\x10\x1c\x00\x04MQTT\x04\xf4\xff\xff\x00\x01i\x00\x03w/t\x00\x03"
                  "bye\x00\x01u\x00\x00");
}

static void connect_of_mqtt_31_bears_its_old_name(void **state)
{
    char id[] = "x";
    const struct mq_info info = { .client_id = id, .clean_session = true };

    assert_true(mq_encode_connect(&out, &info, 3));

    (void)state;
    ASSERT_PACKET("\x10\x0f\x00\x06MQIsdp\x03\x02\x00\x00\x00\x01x");
}

static void publish_of_qos_0_has_no_id(void **state)
{
    const struct mq_publish publish = { .topic = "t", .payload = "\0x", .length = 2, .retain = true, .id = 9 };

    assert_true(mq_encode_publish(&out, &publish));

    (void)state;
    ASSERT_PACKET("\x31\x05\x00\x01t\x00x");
}

static void publish_of_qos_2_has_one(void **state)
{
    const struct mq_publish publish = { .topic = "t", .payload = "x", .length = 1, .qos = 2, .id = 0x1234 };

    assert_true(mq_encode_publish(&out, &publish));

    (void)state;
    ASSERT_PACKET("\x34\x06\x00\x01t\x12\x34x");
}

static void remaining_length_takes_a_byte_more_at_each_boundary(void **state)
{
    static const struct {
        size_t payload;
        uint8_t header[4];
        size_t bytes;
    } cases[] = {
        { 124, { 0x7f }, 1 },          { 125, { 0x80, 0x01 }, 2 },       { 16380, { 0xff, 0x7f }, 2 },
        { 16381, { 0x80, 0x80, 0x01 }, 3 }, { 65535, { 0x82, 0x80, 0x04 }, 3 },
    };
    static uint8_t payload[65535];
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct mq_publish publish = { .topic = "t", .payload = payload, .length = cases[i].payload };
        mq_bytes_free(&out);

        assert_true(mq_encode_publish(&out, &publish));

        assert_memory_equal(mq_bytes_first(&out) + 1, cases[i].header, cases[i].bytes);
        assert_int_equal(mq_bytes_length(&out), 1 + cases[i].bytes + 3 + cases[i].payload);
    }
}

static void subscribe_and_unsubscribe_carry_one_filter(void **state)
{
    assert_true(mq_encode_subscribe(&out, 10, "a/#", 1));
    assert_true(mq_encode_unsubscribe(&out, 11, "a/#"));

    (void)state;
    ASSERT_PACKET("\x82\x08\x00\x0a\x00\x03"
                  "a/#\x01\xa2\x07\x00\x0b\x00\x03"
                  "a/#");
}

static void acknowledgements_carry_their_id_and_pubrel_its_flags(void **state)
{
    assert_true(mq_encode_ack(&out, MQ_PUBACK, 1));
    assert_true(mq_encode_ack(&out, MQ_PUBREC, 2));
    assert_true(mq_encode_ack(&out, MQ_PUBREL, 3));
    assert_true(mq_encode_ack(&out, MQ_PUBCOMP, 0xffff));

    (void)state;
    ASSERT_PACKET("\x40\x02\x00\x01\x50\x02\x00\x02\x62\x02\x00\x03\x70\x02\xff\xff");
}

static void pingreq_and_disconnect_are_two_bytes(void **state)
{
    assert_true(mq_encode_bare(&out, MQ_PINGREQ));
    assert_true(mq_encode_bare(&out, MQ_DISCONNECT));

    (void)state;
    ASSERT_PACKET("\xc0\x00\xe0\x00");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(connect_with_nothing_but_an_id, empty, empty),
        cmocka_unit_test_setup_teardown(connect_with_every_field, empty, empty),
        cmocka_unit_test_setup_teardown(connect_of_mqtt_31_bears_its_old_name, empty, empty),
        cmocka_unit_test_setup_teardown(publish_of_qos_0_has_no_id, empty, empty),
        cmocka_unit_test_setup_teardown(publish_of_qos_2_has_one, empty, empty),
        cmocka_unit_test_setup_teardown(remaining_length_takes_a_byte_more_at_each_boundary, empty, empty),
        cmocka_unit_test_setup_teardown(subscribe_and_unsubscribe_carry_one_filter, empty, empty),
        cmocka_unit_test_setup_teardown(acknowledgements_carry_their_id_and_pubrel_its_flags, empty, empty),
        cmocka_unit_test_setup_teardown(pingreq_and_disconnect_are_two_bytes, empty, empty),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
