/* The strict decoder against packets that a server may and may not send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "decode.h"

#define LIMIT 1000

/* Whether `bytes` hold a whole packet that is legal. In memory of its own size, so that ASan sees a byte read too far. */
static enum mq_frame judge(const void *bytes, size_t length, struct mq_packet *packet)
{
    size_t header = 0;
    size_t size = 0;
    uint8_t *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    enum mq_frame frame = mq_frame_find(copy, length, LIMIT, &header, &size);
    if (frame == MQ_FRAME_WHOLE && !mq_decode(copy, header, size, packet))
        frame = MQ_FRAME_BAD;
    free(copy);
    return frame;
}

struct sample {
    const char *name;
    const char *bytes;
    size_t length;
};

#define SAMPLE(name, bytes) { name, bytes, sizeof bytes - 1 }

static void illegal_packets_are_refused(void **state)
{
    static const struct sample samples[] = {
        SAMPLE("type 0", "\x00\x00"),
        SAMPLE("type 15", "\xf0\x00"),
        SAMPLE("CONNECT from the server", "\x10\x00"),
        SAMPLE("SUBSCRIBE from the server", "\x82\x00"),
        SAMPLE("UNSUBSCRIBE from the server", "\xa2\x00"),
        SAMPLE("PINGREQ from the server", "\xc0\x00"),
        SAMPLE("DISCONNECT from the server", "\xe0\x00"),
        SAMPLE("CONNACK with flags", "\x21\x02\x00\x00"),
        SAMPLE("PUBACK with flags", "\x41\x02\x00\x01"),
        SAMPLE("PUBREC with flags", "\x52\x02\x00\x01"),
        SAMPLE("PUBREL without flags", "\x60\x02\x00\x01"),
        SAMPLE("PUBREL with wrong flags", "\x63\x02\x00\x01"),
        SAMPLE("PUBCOMP with flags", "\x78\x02\x00\x01"),
        SAMPLE("SUBACK with flags", "\x91\x03\x00\x01\x00"),
        SAMPLE("UNSUBACK with flags", "\xb2\x02\x00\x01"),
        SAMPLE("PINGRESP with flags", "\xd1\x00"),
        SAMPLE("PUBLISH of QoS 3", "\x36\x05\x00\x01t\x00\x01"),
        SAMPLE("remaining length of five bytes", "\x30\xff\xff\xff\xff\x01"),
        SAMPLE("remaining length beyond the limit", "\x30\xe9\x07"),
        SAMPLE("CONNACK of 0 bytes", "\x20\x00"),
        SAMPLE("CONNACK of 1 byte", "\x20\x01\x00"),
        SAMPLE("CONNACK of 3 bytes", "\x20\x03\x00\x00\x00"),
        SAMPLE("CONNACK with acknowledge flag bit 1", "\x20\x02\x02\x00"),
        SAMPLE("PUBACK of 0 bytes", "\x40\x00"),
        SAMPLE("PUBACK of 1 byte", "\x40\x01\x00"),
        SAMPLE("PUBACK of 3 bytes", "\x40\x03\x00\x01\x00"),
        SAMPLE("PUBACK with id 0", "\x40\x02\x00\x00"),
        SAMPLE("SUBACK without a code", "\x90\x02\x00\x01"),
        SAMPLE("SUBACK with two codes", "\x90\x04\x00\x01\x00\x00"),
        SAMPLE("SUBACK with a reserved code", "\x90\x03\x00\x01\x03"),
        SAMPLE("SUBACK with id 0", "\x90\x03\x00\x00\x01"),
        SAMPLE("UNSUBACK with a byte more", "\xb0\x03\x00\x01\x00"),
        SAMPLE("PINGRESP with a byte", "\xd0\x01\x00"),
        SAMPLE("PUBLISH of 0 bytes", "\x30\x00"),
        SAMPLE("PUBLISH with half a topic length", "\x30\x01\x00"),
        SAMPLE("PUBLISH with a topic longer than itself", "\x30\x03\x00\x02t"),
        SAMPLE("PUBLISH with an empty topic", "\x30\x02\x00\x00"),
        SAMPLE("PUBLISH with a wildcard in its topic", "\x30\x05\x00\x03"
                                                       "a/#"),
        SAMPLE("PUBLISH with a NUL in its topic", "\x30\x05\x00\x03"
                                                  "a\0b"),
        SAMPLE("PUBLISH with a surrogate in its topic", "\x30\x05\x00\x03\xed\xa0\x80"),
        SAMPLE("PUBLISH with an overlong form in its topic", "\x30\x04\x00\x02\xc0\xaf"),
        SAMPLE("PUBLISH of QoS 1 without room for an id", "\x32\x03\x00\x01t"),
        SAMPLE("PUBLISH of QoS 1 with half an id", "\x32\x04\x00\x01t\x00"),
        SAMPLE("PUBLISH of QoS 1 with id 0", "\x32\x05\x00\x01t\x00\x00"),
        SAMPLE("HTTP", "HTTP/1.1 400 Bad Request"),
        SAMPLE("a TLS record", "\x15\x03\x03\x00\x02\x02\x28"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct mq_packet packet;
        if (judge(samples[i].bytes, samples[i].length, &packet) != MQ_FRAME_BAD)
            fail_msg("taken: %s", samples[i].name);
    }
}

static void legal_packets_are_taken_and_their_beginnings_waited_for(void **state)
{
    static const struct sample samples[] = {
        SAMPLE("CONNACK", "\x20\x02\x01\x00"),
        SAMPLE("CONNACK with a reserved code", "\x20\x02\x00\xff"),
        SAMPLE("PUBACK", "\x40\x02\xff\xff"),
        SAMPLE("PUBREL", "\x62\x02\x00\x01"),
        SAMPLE("SUBACK of a refusal", "\x90\x03\x00\x01\x80"),
        SAMPLE("UNSUBACK", "\xb0\x02\x00\x01"),
        SAMPLE("PINGRESP", "\xd0\x00"),
        SAMPLE("PUBLISH without payload", "\x30\x03\x00\x01t"),
        SAMPLE("PUBLISH with DUP and RETAIN", "\x3b\x06\x00\x01t\x00\x01p"),
        SAMPLE("remaining length longer than need be", "\x30\x83\x00\x00\x01t"),
        SAMPLE("topic with U+FEFF", "\x30\x05\x00\x03\xef\xbb\xbf"),
    };
    (void)state;
    for (size_t i = 0; i < sizeof samples / sizeof samples[0]; i++) {
        struct mq_packet packet;
        for (size_t length = 0; length < samples[i].length; length++)
            if (judge(samples[i].bytes, length, &packet) != MQ_FRAME_PARTIAL)
                fail_msg("not waited for: %s, %zu bytes", samples[i].name, length);
        if (judge(samples[i].bytes, samples[i].length, &packet) != MQ_FRAME_WHOLE)
            fail_msg("refused: %s", samples[i].name);
    }
}

static void a_publish_is_decoded_into_its_fields(void **state)
{
    static const uint8_t bytes[] = { 0x3d, 0x09, 0x00, 0x02, 'a', 'b', 0x12, 0x34, 'x', 0x00, 'y' };
    struct mq_packet packet;
    size_t header = 0;
    size_t size = 0;

    assert_int_equal(mq_frame_find(bytes, sizeof bytes, LIMIT, &header, &size), MQ_FRAME_WHOLE);
    assert_true(mq_decode(bytes, header, size, &packet));

    (void)state;
    assert_int_equal(packet.type, MQ_PUBLISH);
    assert_true(packet.dup && packet.retain);
    assert_int_equal(packet.qos, 2);
    assert_int_equal(packet.id, 0x1234);
    assert_int_equal(packet.topic_length, 2);
    assert_ptr_equal(packet.topic, bytes + 4);
    assert_int_equal(packet.payload_length, 3);
    assert_ptr_equal(packet.payload, bytes + 8);
}

static void a_payload_that_the_callback_cannot_measure_is_refused(void **state)
{
    enum { PAYLOAD = 65536, SIZE = 4 + 3 + PAYLOAD };
    uint8_t *bytes = calloc(1, SIZE);
    struct mq_packet packet;
    size_t header = 0;
    size_t size = 0;
    assert_non_null(bytes);
    memcpy(bytes, "\x30\x83\x80\x04\x00\x01t", 7);

    assert_int_equal(mq_frame_find(bytes, SIZE, SIZE, &header, &size), MQ_FRAME_WHOLE);

    (void)state;
    assert_false(mq_decode(bytes, header, size, &packet));
    assert_true(mq_decode(bytes, header, size - 1, &packet));
    free(bytes);
}

/* xorshift32: the seed names the whole sequence. */
static uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

static void no_bytes_make_the_decoder_read_too_far(void **state)
{
    uint32_t seed = 20210927;
    (void)state;
    for (int round = 0; round < 20000; round++) {
        uint8_t bytes[48];
        struct mq_packet packet;
        size_t length = next_random(&seed) % sizeof bytes;
        for (size_t i = 0; i < length; i++)
            bytes[i] = (uint8_t)next_random(&seed);
        if (length > 1 && round % 2 == 0)
            bytes[1] = (uint8_t)(length - 2);
        if (judge(bytes, length, &packet) == MQ_FRAME_WHOLE)
            assert_true(packet.payload_length <= length && packet.topic_length <= length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(illegal_packets_are_refused),
        cmocka_unit_test(legal_packets_are_taken_and_their_beginnings_waited_for),
        cmocka_unit_test(a_publish_is_decoded_into_its_fields),
        cmocka_unit_test(a_payload_that_the_callback_cannot_measure_is_refused),
        cmocka_unit_test(no_bytes_make_the_decoder_read_too_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
