/* The grammar, strings, numbers, members, arguments. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../core/argument.h"
#include "../core/json_grammar.h"
#include "../core/members.h"
#include "../limits.h"

static jsmntok_t tokens[64];
static struct shim_json json;

static void parse(const char *text)
{
    assert_int_equal(shim_json_parse(&json, text, strlen(text), tokens, 64), SHIM_JSON_OK);
}

static void the_grammar_is_that_of_json(void **state)
{
    (void)state;
    static const char *const good[] = {
        "{}", "[]", " [ 1 , 2 ] ", "\"\"", "0", "-0", "10", "1.5", "1e9", "1E+9", "1.25e-3", "true", "false", "null",
        "{\"a\":{\"b\":[1,{\"c\":null}]}}", "\"\\u00e9\\n\\\"\\\\\\/\\b\\f\\r\\t\"", "\"\\ud83d\\ude00\"", "[[[[[[[[1]]]]]]]]", "\"\xc3\xa9\"", "\t1\r\n"};
    static const char *const bad[] = {
        "", " ", "{", "}", "[", "[1", "[1,", "[1,]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{a:1}", "{1:1}", "{\"a\" 1}", "[1 2]", "01", "-", "1.", ".5", "1e", "1e+",
        "+1", "tru", "nul", "truex", "\"", "\"\\", "\"\\x\"", "\"\\u12\"", "\"\\u12g4\"", "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\\udc00\"", "\"\\ud83d\\ud83d\"", "\"a\nb\"",
        "\"\xff\"", "\"\xc3\"", "{} {}", "[[[[[[[[[1]]]]]]]]]", "{\"a\":1 \"b\":2}", "'a'", "[1,\x01]", "{\"a\":1"};

    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(shim_json_grammar(good[i], strlen(good[i])));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(shim_json_grammar(bad[i], strlen(bad[i])));
    assert_false(shim_json_grammar("\"a\0b\"", 5));
}

static void text_that_is_cut_anywhere_is_not_json(void **state)
{
    (void)state;
    static const char whole[] = "{\"a\":[1.5e3,\"\\u00e9\",true,{\"b\":null}]}";

    for (size_t length = 0; length < sizeof whole - 1; length++)
        assert_false(shim_json_grammar(whole, length));
}

static void json_of_more_tokens_than_there_is_room_for_is_told_apart(void **state)
{
    (void)state;
    static const char many[] = "[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,"
                               "0,0,0,0,0,0,0,0,0,0,0]";

    assert_int_equal(shim_json_parse(&json, many, strlen(many), tokens, 64), SHIM_JSON_TOO_BIG);
    assert_int_equal(shim_json_parse(&json, "[", 1, tokens, 64), SHIM_JSON_BAD);
}

static void numbers_are_integers_written_as_such(void **state)
{
    (void)state;
    int64_t number;
    parse("[0,-7,999999999999999999,1000000000000000000,1.0,1e3,true,\"1\",null]");

    assert_true(shim_json_int(&json, 1, &number) && number == 0);
    assert_true(shim_json_int(&json, 2, &number) && number == -7);
    assert_true(shim_json_int(&json, 3, &number) && number == 999999999999999999);
    for (int i = 4; i <= 9; i++)
        assert_false(shim_json_int(&json, i, &number));
}

static void a_value_is_followed_by_what_stands_behind_all_it_holds(void **state)
{
    (void)state;
    parse("[{\"a\":[1,2,{}]},[],\"x\",3]");

    assert_int_equal(shim_json_after(&json, 0), json.count);
    int value = shim_json_after(&json, 1);
    assert_true(shim_json_is_array(&json, value));
    value = shim_json_after(&json, value);
    assert_true(shim_json_is_string(&json, value));
    assert_int_equal(shim_json_after(&json, shim_json_after(&json, value)), json.count);
}

static void strings_are_read_with_their_escapes_resolved(void **state)
{
    (void)state;
    char text[16];
    parse("[\"a\\n\\u00e9\\ud83d\\ude00\\/\",\"a\\u0000b\"]");

    assert_int_equal(shim_json_string_length(&json, 1), 9);
    assert_true(shim_json_string_get(&json, 1, text, sizeof text));
    assert_string_equal(text, "a\n\xc3\xa9\xf0\x9f\x98\x80/");
    assert_false(shim_json_string_get(&json, 1, text, 9));
    assert_false(shim_json_string_get(&json, 2, text, sizeof text));
}

struct target {
    int64_t number;
    int64_t flag;
    bool truth;
    int text;
    int any;
};

static const struct shim_member members[] = {
    {"number", SHIM_MEMBER_INT, true, offsetof(struct target, number), -1, 10},
    {"flag", SHIM_MEMBER_FLAG, false, offsetof(struct target, flag), 0, 3},
    {"truth", SHIM_MEMBER_BOOL, false, offsetof(struct target, truth), 0, 0},
    {"text", SHIM_MEMBER_TEXT, false, offsetof(struct target, text), 0, 0},
    {"any", SHIM_MEMBER_ANY, false, offsetof(struct target, any), 0, 0},
};

static void members_land_where_the_table_says(void **state)
{
    (void)state;
    struct shim_misfit misfit;
    struct target target = {.any = SHIM_ABSENT, .flag = 2};
    parse("{\"text\":\"x\",\"truth\":true,\"number\":-1}");

    assert_true(shim_members_take(&json, 0, SHIM_MEMBERS(members), &target, &misfit));

    assert_int_equal(target.number, -1);
    assert_int_equal(target.flag, 2);
    assert_true(target.truth);
    assert_true(shim_json_equals(&json, target.text, "x"));
    assert_int_equal(target.any, SHIM_ABSENT);
}

static void a_flag_is_a_number_or_a_truth(void **state)
{
    (void)state;
    struct shim_misfit misfit;
    struct target target = {.number = 0};

    parse("{\"number\":0,\"flag\":true}");
    assert_true(shim_members_take(&json, 0, SHIM_MEMBERS(members), &target, &misfit));
    assert_int_equal(target.flag, 1);
    parse("{\"number\":0,\"flag\":3}");
    assert_true(shim_members_take(&json, 0, SHIM_MEMBERS(members), &target, &misfit));
    assert_int_equal(target.flag, 3);
}

static void a_member_that_does_not_fit_is_named(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"{}", "number"},
        {"{\"number\":11}", "number"},
        {"{\"number\":-2}", "number"},
        {"{\"number\":\"1\"}", "number"},
        {"{\"number\":1,\"number\":1}", "number"},
        {"{\"number\":1,\"nmuber\":1}", "nmuber"},
        {"{\"number\":1,\"flag\":4}", "flag"},
        {"{\"number\":1,\"flag\":null}", "flag"},
        {"{\"number\":1,\"truth\":1}", "truth"},
        {"{\"number\":1,\"text\":null}", "text"},
        {"{\"number\":1,\"a very long name that nobody would use, \xc3\xa9\":1}", "a very long name that nobody wo"},
        {"{\"number\":1,\"\xc3\xa9\":1}", "??"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct shim_misfit misfit;
        struct target target;
        parse(cases[i][0]);
        assert_false(shim_members_take(&json, 0, SHIM_MEMBERS(members), &target, &misfit));
        assert_string_equal(misfit.name, cases[i][1]);
    }
}

/* Measures, gets exactly that much, and builds: what is written beyond it a sanitizer sees. */
static char *build(const char *text, size_t *length)
{
    char *bytes;
    char *measured;
    struct shim_builder builder = {.at = NULL};
    parse(text);
    assert_true(shim_builder_string(&builder, &json, 0, &measured, length));
    assert_null(measured);
    size_t size = builder.used;
    builder = (struct shim_builder){.at = malloc(size == 0 ? 1 : size)};
    assert_true(shim_builder_string(&builder, &json, 0, &bytes, length));
    assert_int_equal(builder.used, size);
    if (bytes == NULL)
        free(builder.at);
    return bytes;
}

static void expect_built(const char *text, const char *bytes, size_t count)
{
    size_t length;
    char *built = build(text, &length);
    assert_int_equal(length, count);
    assert_memory_equal(built, bytes, count);
    assert_int_equal(built[count], '\0');
    free(built);
}

static void strings_come_in_every_form_that_c_can_pass(void **state)
{
    (void)state;
    size_t length;

    assert_null(build("null", &length));
    expect_built("\"\"", "", 0);
    expect_built("\"a\\u0000b\"", "a\0b", 3);
    expect_built("{\"hex\":\"00fFa0\"}", "\x00\xff\xa0", 3);
    expect_built("{\"hex\":\"\"}", "", 0);
    expect_built("{\"pattern\":\"abc\",\"length\":7}", "abcabca", 7);
    expect_built("{\"pattern\":\"abc\",\"length\":2}", "ab", 2);
    expect_built("{\"pattern\":\"abc\",\"length\":0}", "", 0);
    expect_built("{\"pattern\":\"\",\"length\":0}", "", 0);
}

static void random_bytes_follow_from_the_seed(void **state)
{
    (void)state;
    /* xorshift32 of 1: 270369, 67634689, 2647435461, 307599695 */
    static const char of_one[] = "\x21\x01\xc5\x4f";
    expect_built("{\"length\":4,\"seed\":1}", of_one, 4);
    expect_built("{\"length\":4,\"seed\":0}", of_one, 4);
    expect_built("{\"length\":4}", of_one, 4);

    size_t length;
    char *other = build("{\"length\":4,\"seed\":4294967295}", &length);
    assert_memory_not_equal(other, of_one, 4);
    free(other);
}

static void the_longest_string_is_64_kib(void **state)
{
    (void)state;
    size_t length;
    char *bytes = build("{\"pattern\":\"x\",\"length\":65536}", &length);
    assert_int_equal(length, SHIM_STRING_MAX);
    assert_int_equal(strlen(bytes), SHIM_STRING_MAX);
    free(bytes);
}

static void what_is_no_form_of_a_string_is_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {"1", "true", "[]", "{}", "{\"hex\":\"0\"}", "{\"hex\":\"0g\"}", "{\"hex\":1}", "{\"hex\":\"00\",\"length\":1}",
                                      "{\"hex\":\"00\",\"pattern\":\"a\"}", "{\"hex\":\"00\",\"seed\":1}", "{\"pattern\":\"a\"}", "{\"pattern\":\"\",\"length\":1}",
                                      "{\"length\":65537}", "{\"length\":-1}", "{\"seed\":1}", "{\"length\":1,\"sead\":1}"};

    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        char *bytes;
        size_t length;
        struct shim_builder builder = {.at = NULL};
        parse(bad[i]);
        assert_false(shim_builder_string(&builder, &json, 0, &bytes, &length));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_grammar_is_that_of_json),
        cmocka_unit_test(text_that_is_cut_anywhere_is_not_json),
        cmocka_unit_test(json_of_more_tokens_than_there_is_room_for_is_told_apart),
        cmocka_unit_test(numbers_are_integers_written_as_such),
        cmocka_unit_test(a_value_is_followed_by_what_stands_behind_all_it_holds),
        cmocka_unit_test(strings_are_read_with_their_escapes_resolved),
        cmocka_unit_test(members_land_where_the_table_says),
        cmocka_unit_test(a_flag_is_a_number_or_a_truth),
        cmocka_unit_test(a_member_that_does_not_fit_is_named),
        cmocka_unit_test(strings_come_in_every_form_that_c_can_pass),
        cmocka_unit_test(random_bytes_follow_from_the_seed),
        cmocka_unit_test(the_longest_string_is_64_kib),
        cmocka_unit_test(what_is_no_form_of_a_string_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
