/* crc32, UTF-8, base64, dates, text, lines, AT. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../core/at.h"
#include "../core/base64.h"
#include "../core/civil.h"
#include "../core/crc32.h"
#include "../core/line.h"
#include "../core/utf8.h"

static void the_crc_of_the_check_string_is_the_standards(void **state)
{
    (void)state;

    assert_int_equal(shim_crc32(0, "123456789", 9), 0xcbf43926);
    assert_int_equal(shim_crc32(shim_crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
    assert_int_equal(shim_crc32(0, "", 0), 0);
}

static void utf8_is_what_rfc_3629_allows(void **state)
{
    (void)state;
    static const char *const good[] = {"", "a", "\xc2\x80", "\xe0\xa0\x80", "\xed\x9f\xbf", "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"};
    static const char *const bad[] = {"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xc2\x41", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xe2\x82",
                                      "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xfe", "\xe2\x82\x41"};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(shim_utf8_valid(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(shim_utf8_valid(bad[i], strlen(bad[i])));
}

static void every_character_that_is_put_is_valid_and_read_back_whole(void **state)
{
    (void)state;
    static const uint32_t characters[] = {0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xe000, 0xffff, 0x10000, 0x10ffff};

    for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
        uint8_t bytes[4];
        size_t length = shim_utf8_put(bytes, characters[i]);
        assert_int_equal(shim_utf8_step(bytes, length), length);
    }
}

static void text_that_is_cut_ends_on_a_whole_character(void **state)
{
    (void)state;

    assert_int_equal(shim_utf8_whole("ab", 2), 2);
    assert_int_equal(shim_utf8_whole("a\xe2\x82\xac", 4), 4);
    assert_int_equal(shim_utf8_whole("a\xe2\x82", 3), 1);
    assert_int_equal(shim_utf8_whole("a\xf0\x90\x80", 4), 1);
    assert_int_equal(shim_utf8_whole("\x80\x80\x80\x80", 4), 4);
    assert_int_equal(shim_utf8_whole("", 0), 0);
}

static void base64_follows_the_rfcs_vectors_both_ways(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {{"", ""},         {"f", "Zg=="},         {"fo", "Zm8="},     {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "+//+"}};

    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char text[16];
        uint8_t bytes[16];
        size_t length = strlen(pairs[i][0]);
        shim_base64_encode(text, (const uint8_t *)pairs[i][0], length);
        assert_memory_equal(text, pairs[i][1], SHIM_BASE64_LENGTH(length));
        assert_int_equal(shim_base64_decode(bytes, sizeof bytes, pairs[i][1], strlen(pairs[i][1])), length);
        assert_memory_equal(bytes, pairs[i][0], length);
    }
}

static void base64_that_is_none_or_does_not_fit_is_refused(void **state)
{
    (void)state;
    uint8_t bytes[2];

    assert_int_equal(shim_base64_decode(bytes, 2, "Zg=", 3), -1);
    assert_int_equal(shim_base64_decode(bytes, 2, "Z g=", 4), -1);
    assert_int_equal(shim_base64_decode(bytes, 2, "====", 4), -1);
    assert_int_equal(shim_base64_decode(bytes, 2, "Zm9v", 4), -1);
}

static void dates_and_seconds_agree_over_the_centuries(void **state)
{
    (void)state;
    static const struct {
        int64_t unix_s;
        int year, month, day, weekday;
    } cases[] = {{0, 1970, 1, 1, 4},           {951782400, 2000, 2, 29, 2}, {951868800, 2000, 3, 1, 3}, {4107542400, 2100, 3, 1, 1},
                 {1735689599, 2024, 12, 31, 2}, {-1, 1969, 12, 31, 3},       {-2208988800, 1900, 1, 1, 1}};

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct shim_civil civil = shim_civil_from_unix(cases[i].unix_s);
        assert_int_equal(civil.year, cases[i].year);
        assert_int_equal(civil.month, cases[i].month);
        assert_int_equal(civil.day, cases[i].day);
        assert_int_equal(civil.weekday, cases[i].weekday);
        assert_int_equal(shim_civil_to_unix(&civil), cases[i].unix_s);
    }
}

static void numbers_are_written_to_their_last_digit(void **state)
{
    (void)state;
    char room[64];
    struct shim_text text;
    shim_text_init(&text, room, sizeof room);

    shim_text_int(&text, INT64_MIN);
    shim_text_char(&text, ' ');
    shim_text_uint(&text, UINT64_MAX);
    shim_text_char(&text, ' ');
    shim_text_int(&text, 0);

    assert_memory_equal(room, "-9223372036854775808 18446744073709551615 0", text.used);
    assert_false(text.overflow);
}

static void quoted_text_escapes_what_json_must_not_hold(void **state)
{
    (void)state;
    char room[64];
    struct shim_text text;
    shim_text_init(&text, room, sizeof room);

    shim_text_quoted(&text, "a\"\\\n\r\t\x01\x1f/\xc3\xa9", 11);

    assert_int_equal(text.used, strlen("\"a\\\"\\\\\\n\\r\\t\\u0001\\u001f/\xc3\xa9\""));
    assert_memory_equal(room, "\"a\\\"\\\\\\n\\r\\t\\u0001\\u001f/\xc3\xa9\"", text.used);
}

static void bytes_that_are_not_utf8_become_replacement_characters(void **state)
{
    (void)state;
    char room[64];
    struct shim_text text;
    shim_text_init(&text, room, sizeof room);

    shim_text_quoted_lossy(&text, "a\xff\xc3", 3);

    assert_memory_equal(room, "\"a\xef\xbf\xbd\xef\xbf\xbd\"", text.used);
}

static void text_that_does_not_fit_is_left_out_and_remembered(void **state)
{
    (void)state;
    char room[4];
    struct shim_text text;
    shim_text_init(&text, room, sizeof room);

    shim_text_raw(&text, "abc");
    shim_text_raw(&text, "de");
    shim_text_char(&text, 'f');
    shim_text_base64(&text, "xyz", 3);
    shim_text_hex(&text, "xyz", 3);

    assert_true(text.overflow);
    assert_int_equal(text.used, 3);
}

/* Pushes all and notes what comes out, lines between brackets, noise as #. */
static void push(struct shim_line *line, const char *bytes, size_t count, size_t step, char *out)
{
    *out = '\0';
    while (count > 0) {
        size_t taken;
        size_t part = step < count ? step : count;
        enum shim_line_state whole = shim_line_push(line, bytes, part, &taken);
        if (whole == SHIM_LINE_WHOLE) {
            strcat(out, "[");
            strncat(out, line->at, line->used);
            strcat(out, "]");
        }
        if (whole == SHIM_LINE_NOISE)
            strcat(out, "#");
        bytes += taken;
        count -= taken;
    }
}

static void lines_come_out_the_same_however_their_bytes_come_in(void **state)
{
    (void)state;
    static const char bytes[] = "\n\r\nab\r\nlong-long\nc\n\n12345678\n\rx\n";

    for (size_t step = 1; step < sizeof bytes; step++) {
        char room[8];
        char out[64];
        struct shim_line line;
        shim_line_init(&line, room, sizeof room);
        push(&line, bytes, sizeof bytes - 1, step, out);
        assert_string_equal(out, "[ab]#[c][12345678][\rx]");
    }
}

static void a_line_is_good_only_with_the_checksum_of_its_bytes(void **state)
{
    (void)state;
    size_t length = 18;
    assert_int_equal(shim_line_check("123456789*cbf43926", &length), SHIM_CHECKSUM_GOOD);
    assert_int_equal(length, 9);

    length = 18;
    assert_int_equal(shim_line_check("123456788*cbf43926", &length), SHIM_CHECKSUM_BAD);
    assert_int_equal(shim_line_check("123456789*CBF43926", &length), SHIM_CHECKSUM_NONE);
    assert_int_equal(shim_line_check("123456789+cbf43926", &length), SHIM_CHECKSUM_NONE);
    length = 8;
    assert_int_equal(shim_line_check("cbf43926", &length), SHIM_CHECKSUM_NONE);
}

static void a_sealed_line_is_good(void **state)
{
    (void)state;
    char room[32];
    struct shim_text text;
    shim_text_init(&text, room, sizeof room);
    shim_text_raw(&text, "{\"a\":1}");

    shim_line_seal(&text, 0);

    size_t length = text.used - 1;
    assert_int_equal(room[length], '\n');
    assert_int_equal(shim_line_check(room, &length), SHIM_CHECKSUM_GOOD);
    assert_int_equal(length, 7);
}

static void the_at_tunnel_takes_questions_and_bench_switches_only(void **state)
{
    (void)state;
    static const char *const may[] = {"AT", "at", "ATI", "AT+CSQ", "at+csq", "AT+CREG?", "AT+CFUN=1,1", "AT+COPS=?", "AT+CPIN?", "AT+CGATT=0"};
    static const char *const may_not[] = {"",          "A",           "ATD123;",        "ATD123",     "AT&W",         "AT+CMGS=1",
                                          "AT+CPIN=1", "AT+CSQ;D123", "AT+CFUN=1;D123", "AT+CSQ\r\nATD1", "AT+EGMR=1,7", "AT+QDOWNLOAD=1", "AT+CSQX",
                                          "AT^FORCEDNLD", "AT+CGDCONT=1", "AT+CSQ\x7f",  "ATZ",        "AT+CMGW=1"};

    for (size_t i = 0; i < sizeof may / sizeof may[0]; i++)
        assert_true(shim_at_allowed(may[i]));
    for (size_t i = 0; i < sizeof may_not / sizeof may_not[0]; i++)
        assert_false(shim_at_allowed(may_not[i]));
}

static void only_final_result_codes_end_an_at_answer(void **state)
{
    (void)state;
    static const char *const final[] = {"OK", "ERROR", "+CME ERROR: 4", "+CMS ERROR: 500", "NO CARRIER", "BUSY"};
    static const char *const other[] = {"", "O", "OKAY", "+CSQ: 24,99", "AT+CSQ", "+CME ERRO"};

    for (size_t i = 0; i < sizeof final / sizeof final[0]; i++)
        assert_true(shim_at_final(final[i], strlen(final[i])));
    for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
        assert_false(shim_at_final(other[i], strlen(other[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_crc_of_the_check_string_is_the_standards),
        cmocka_unit_test(utf8_is_what_rfc_3629_allows),
        cmocka_unit_test(every_character_that_is_put_is_valid_and_read_back_whole),
        cmocka_unit_test(text_that_is_cut_ends_on_a_whole_character),
        cmocka_unit_test(base64_follows_the_rfcs_vectors_both_ways),
        cmocka_unit_test(base64_that_is_none_or_does_not_fit_is_refused),
        cmocka_unit_test(dates_and_seconds_agree_over_the_centuries),
        cmocka_unit_test(numbers_are_written_to_their_last_digit),
        cmocka_unit_test(quoted_text_escapes_what_json_must_not_hold),
        cmocka_unit_test(bytes_that_are_not_utf8_become_replacement_characters),
        cmocka_unit_test(text_that_does_not_fit_is_left_out_and_remembered),
        cmocka_unit_test(lines_come_out_the_same_however_their_bytes_come_in),
        cmocka_unit_test(a_line_is_good_only_with_the_checksum_of_its_bytes),
        cmocka_unit_test(a_sealed_line_is_good),
        cmocka_unit_test(the_at_tunnel_takes_questions_and_bench_switches_only),
        cmocka_unit_test(only_final_result_codes_end_an_at_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
