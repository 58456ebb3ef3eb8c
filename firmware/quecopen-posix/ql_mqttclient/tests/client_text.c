/* UTF-8, topics, URLs and options. */
#define _POSIX_C_SOURCE 200809L
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "defects.h"
#include "options.h"
#include "ql_mqttclient.h"
#include "topic.h"
#include "url.h"
#include "utf8.h"

struct text {
    const char *bytes;
    size_t length;
    bool good;
};

#define TEXT(bytes, good) { bytes, sizeof bytes - 1, good }

static void check_texts(const struct text *texts, size_t count, bool (*judge)(const uint8_t *, size_t))
{
    for (size_t i = 0; i < count; i++)
        if (judge((const uint8_t *)texts[i].bytes, texts[i].length) != texts[i].good)
            fail_msg("text %zu '%s' should be %s", i, texts[i].bytes, texts[i].good ? "good" : "bad");
}

static void utf8_is_well_formed_or_not(void **state)
{
    static const struct text texts[] = {
        TEXT("", true),
        TEXT("plain", true),
        TEXT("\x01\x7f", true),
        TEXT("\xc2\x80", true),
        TEXT("\xdf\xbf", true),
        TEXT("\xe0\xa0\x80", true),
        TEXT("\xed\x9f\xbf", true),
        TEXT("\xee\x80\x80", true),
        TEXT("\xef\xbb\xbf", true),
        TEXT("\xf0\x90\x80\x80", true),
        TEXT("\xf4\x8f\xbf\xbf", true),
        TEXT("a\0b", false),
        TEXT("\x80", false),
        TEXT("\xbf", false),
        TEXT("\xc0\x80", false),
        TEXT("\xc1\xbf", false),
        TEXT("\xc2", false),
        TEXT("\xc2\x41", false),
        TEXT("\xe0\x9f\xbf", false),
        TEXT("\xe2\x82", false),
        TEXT("\xed\xa0\x80", false),
        TEXT("\xed\xbf\xbf", false),
        TEXT("\xf0\x8f\xbf\xbf", false),
        TEXT("\xf4\x90\x80\x80", false),
        TEXT("\xf5\x80\x80\x80", false),
        TEXT("\xf8\x88\x80\x80\x80", false),
        TEXT("\xff", false),
    };
    (void)state;
    check_texts(texts, sizeof texts / sizeof texts[0], mq_utf8_valid);
}

static void topic_names_have_no_wildcards(void **state)
{
    static const struct text texts[] = {
        TEXT("a", true),  TEXT("/", true),    TEXT("//", true), TEXT("$SYS/x", true), TEXT(" ", true),      TEXT("", false),
        TEXT("#", false), TEXT("a/#", false), TEXT("+", false), TEXT("a+b", false),   TEXT("\xff", false),
    };
    (void)state;
    check_texts(texts, sizeof texts / sizeof texts[0], mq_topic_name_valid);
}

static void filters_have_wildcards_only_where_they_may(void **state)
{
    static const struct text texts[] = {
        TEXT("#", true),      TEXT("+", true),     TEXT("a/#", true),  TEXT("+/+/#", true), TEXT("/+", true),   TEXT("+/", true), TEXT("a/+/b", true),
        TEXT("$SYS/#", true), TEXT("/#", true),    TEXT("", false),    TEXT("a#", false),   TEXT("#/a", false), TEXT("##", false),
        TEXT("a/#/b", false), TEXT("+a", false),   TEXT("a+", false),  TEXT("a/+b", false), TEXT("++", false),  TEXT("a/b#", false),
    };
    (void)state;
    check_texts(texts, sizeof texts / sizeof texts[0], mq_topic_filter_valid);
}

static void the_longest_topic_has_65535_bytes(void **state)
{
    uint8_t *text = malloc(65536);
    (void)state;
    assert_non_null(text);
    memset(text, 'a', 65536);
    assert_true(mq_topic_name_valid(text, 65535));
    assert_false(mq_topic_name_valid(text, 65536));
    assert_true(mq_topic_filter_valid(text, 65535));
    assert_false(mq_topic_filter_valid(text, 65536));
    free(text);
}

static void urls_are_read(void **state)
{
    static const struct {
        const char *text;
        const char *host;
        unsigned port;
        bool secure;
    } cases[] = {
        { "mqtt://220.180.239.212:8306", "220.180.239.212", 8306, false },
        { "mqtts://220.180.239.212:8307", "220.180.239.212", 8307, true },
        { "mqtt://example.org", "example.org", 1883, false },
        { "mqtts://example.org", "example.org", 8883, true },
        { "MQTTS://Example.org:1", "Example.org", 1, true },
        { "192.168.57.1", "192.168.57.1", 1883, false },
        { "broker_1.local:65535", "broker_1.local", 65535, false },
        { "mqtt://[::1]:1884", "::1", 1884, false },
        { "[fe80::1]", "fe80::1", 1883, false },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct mq_url url;
        assert_true(mq_url_parse(cases[i].text, 255, &url));
        assert_string_equal(url.host, cases[i].host);
        assert_int_equal(url.port, cases[i].port);
        assert_int_equal(url.secure, cases[i].secure);
    }
}

static void what_is_no_url_is_refused(void **state)
{
    static const char *const texts[] = { "",
                                         "mqtt://",
                                         "mqtt:/example.org",
                                         "http://example.org",
                                         "mqtt://:1883",
                                         "mqtt://example.org:",
                                         "mqtt://example.org:0",
                                         "mqtt://example.org:65536",
                                         "mqtt://example.org:99999999999",
                                         "mqtt://example.org:abc",
                                         "mqtt://example.org:18 83",
                                         "mqtt://example.org/path",
                                         "mqtt://user@example.org",
                                         "mqtt://exa mple.org",
                                         "mqtt://::1",
                                         "mqtt://[::1",
                                         "mqtt://[nonsense]:1883" };
    struct mq_url url;
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (mq_url_parse(texts[i], 255, &url))
            fail_msg("taken: %s", texts[i]);
}

static void a_host_may_be_as_long_as_the_limit(void **state)
{
    char host[257];
    struct mq_url url;
    (void)state;
    memset(host, 'h', sizeof host);
    host[255] = '\0';
    assert_true(mq_url_parse(host, 255, &url));
    host[255] = 'h';
    host[256] = '\0';
    assert_false(mq_url_parse(host, 255, &url));
}

static char complaint[160];

static int apply(const char *text)
{
    complaint[0] = '\0';
    return mq_options_apply(text, complaint, sizeof complaint);
}

static void settings_override_the_personality_wherever_it_stands(void **state)
{
    (void)state;
    assert_int_equal(apply("request_ms=77;personality=r03;defect=publish-callback-lost"), 0);
    assert_int_equal(mq_option(MQ_OPT_REQUEST_MS), 77);
    assert_int_equal(mq_option(MQ_OPT_ERR_ENUM), ERR_ENUM_ERROR);
    assert_true(mq_defect(MQ_DEFECT_PUBLISH_CALLBACK_LOST));
    assert_false(mq_defect(MQ_DEFECT_CONNECT_CALLBACK_TWICE));

    assert_int_equal(apply("personality=manual;err_enum=error\nseed=18446744073709551615;;"), 0);
    assert_int_equal(mq_option(MQ_OPT_ERR_ENUM), ERR_ENUM_ERROR);
    assert_int_equal(mq_option(MQ_OPT_REQUEST_MS), 3000);
    assert_false(mq_defect(MQ_DEFECT_PUBLISH_CALLBACK_LOST));
}

static void mistakes_in_settings_are_named(void **state)
{
    static const struct {
        const char *text;
        const char *complaint;
    } cases[] = {
        { "requst_ms=1", "unknown option 'requst_ms'" },
        { "defect=none-such", "unknown defect 'none-such'" },
        { "personality=nice", "unknown personality 'nice'" },
        { "err_enum=both", "unknown value of an option: 'both'" },
        { "request_ms=0", "bad number for an option: '0'" },
        { "request_ms=1s", "bad number for an option: '1s'" },
        { "request_ms=", "bad number for an option: ''" },
        { "request_ms", "option without a value: 'request_ms'" },
        { "seed=x", "bad seed 'x'" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(apply(cases[i].text), -1);
        assert_string_equal(complaint, cases[i].complaint);
    }
    assert_int_equal(apply(NULL), 0);
}

static void a_mistake_in_the_environment_ends_the_process(void **state)
{
    int ends[2];
    int status = 0;
    char said[256] = "";
    (void)state;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        mqtt_client_t client;
        dup2(ends[1], STDERR_FILENO);
        setenv(MQ_OPTIONS_ENV, "defect=publish-callback-lots", 1);
        ql_mqtt_client_init(&client, 1);
        _exit(0);
    }
    close(ends[1]);
    assert_true(read(ends[0], said, sizeof said - 1) > 0);
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    assert_string_equal(said, "ql_mqttclient: unknown defect 'publish-callback-lots' in QL_MQTTCLIENT_OPTIONS\n");
}

static void a_seed_draws_the_same_choices_again_and_another_seed_others(void **state)
{
    int drawn[MQ_OPT_COUNT];
    int different = 0;
    (void)state;
    assert_int_equal(apply("personality=seeded;seed=7"), 0);
    for (int i = 0; i < MQ_OPT_COUNT; i++)
        drawn[i] = mq_option((enum mq_option)i);

    assert_int_equal(apply("seed=7;personality=seeded"), 0);
    for (int i = 0; i < MQ_OPT_COUNT; i++)
        assert_int_equal(mq_option((enum mq_option)i), drawn[i]);

    assert_int_equal(apply("personality=seeded;seed=8"), 0);
    for (int i = 0; i < MQ_OPT_COUNT; i++)
        different += mq_option((enum mq_option)i) != drawn[i];
    assert_true(different > 3);
    assert_int_equal(apply(NULL), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_well_formed_or_not),
        cmocka_unit_test(topic_names_have_no_wildcards),
        cmocka_unit_test(filters_have_wildcards_only_where_they_may),
        cmocka_unit_test(the_longest_topic_has_65535_bytes),
        cmocka_unit_test(urls_are_read),
        cmocka_unit_test(what_is_no_url_is_refused),
        cmocka_unit_test(a_host_may_be_as_long_as_the_limit),
        cmocka_unit_test(settings_override_the_personality_wherever_it_stands),
        cmocka_unit_test(mistakes_in_settings_are_named),
        cmocka_unit_test(a_mistake_in_the_environment_ends_the_process),
        cmocka_unit_test(a_seed_draws_the_same_choices_again_and_another_seed_others),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
