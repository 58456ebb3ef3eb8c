/* OneNET tokens against published vectors, and the function that makes them against its own contract. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ql_mqttclient.h"
#include "qlv_clock.h"
#include "token.h"

#define KEY_A "KuF3NT/jUBJ62LNBB/A8XZA9CqS3Cu79B/ABmfA1UCw="
#define KEY_B "aggblpDBWoKg2CGdbxp/CVKt9xXWcV162hJ1+Bhzvw4="

static void tokens_are_those_of_the_vectors(void **state)
{
    static const struct {
        long long expires_at;
        const char *product;
        const char *device;
        const char *version;
        const char *key;
        const char *token;
    } cases[] = {
        { 1537255523, "123123", "mydev", "2018-10-31", KEY_A,
          "version=2018-10-31&res=products%2F123123%2Fdevices%2Fmydev&et=1537255523&method=sha1&sign=p2Bv5QYrZolQCtt68923gtxRCVk%3D" },
        { 32472115200, "Ck2AF9QD2K", "test", "2018-10-31", KEY_A,
          "version=2018-10-31&res=products%2FCk2AF9QD2K%2Fdevices%2Ftest&et=32472115200&method=sha1&sign=onzQlILHFFNqIY%2BdOXYM3lthLT8%3D" },
        { 32472115200, "Ck2AF9QD2K", "test", "2022-05-01", KEY_A,
          "version=2022-05-01&res=products%2FCk2AF9QD2K%2Fdevices%2Ftest&et=32472115200&method=sha1&sign=xAdc4C2D6YU7qsDm1X6%2BFfxfbqI%3D" },
        { 1537255523, "417661", "test_led", "2018-10-31", KEY_B,
          "version=2018-10-31&res=products%2F417661%2Fdevices%2Ftest_led&et=1537255523&method=sha1&sign=8D24kM%2FAtcn%2F8PqIQiKii0zSKZE%3D" },
        { 1537255523, "417661", "test_led", "2022-05-01", KEY_B,
          "version=2022-05-01&res=products%2F417661%2Fdevices%2Ftest_led&et=1537255523&method=sha1&sign=FyC%2BslB%2B%2BudZD6hThFxOxgEZnHI%3D" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char *token = mq_token_make(cases[i].expires_at, cases[i].product, cases[i].device, cases[i].version, cases[i].key);
        assert_string_equal(token, cases[i].token);
        free(token);
    }
}

static void a_token_expires_so_many_seconds_from_now(void **state)
{
    char product[] = "417661";
    char device[] = "a b/c%d#e&f=g+h?";
    char version[] = "2018-10-31";
    char key[] = KEY_B;
    long long before = (long long)qlv_unix_time();

    char *token = ql_mqtt_onenet_generate_auth_token(3600, product, device, version, key);

    (void)state;
    assert_non_null(token);
    assert_non_null(strstr(token, "%2Fa%20b%2Fc%25d%23e%26f%3Dg%2Bh%3F&et="));
    long long expiry = strtoll(strstr(token, "et=") + 3, NULL, 10);
    assert_in_range(expiry, before + 3600, (long long)qlv_unix_time() + 3600);
    free(token);
}

static void without_an_argument_or_a_key_there_is_no_token(void **state)
{
    char text[] = "x";
    char key[] = KEY_A;
    char bad_keys[][12] = { "", "not base64!", "QQ=A", "====" };
    (void)state;
    assert_null(ql_mqtt_onenet_generate_auth_token(1, NULL, text, text, key));
    assert_null(ql_mqtt_onenet_generate_auth_token(1, text, NULL, text, key));
    assert_null(ql_mqtt_onenet_generate_auth_token(1, text, text, NULL, key));
    assert_null(ql_mqtt_onenet_generate_auth_token(1, text, text, text, NULL));
    for (size_t i = 0; i < sizeof bad_keys / sizeof bad_keys[0]; i++)
        assert_null(ql_mqtt_onenet_generate_auth_token(1, text, text, text, bad_keys[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_those_of_the_vectors),
        cmocka_unit_test(a_token_expires_so_many_seconds_from_now),
        cmocka_unit_test(without_an_argument_or_a_key_there_is_no_token),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
