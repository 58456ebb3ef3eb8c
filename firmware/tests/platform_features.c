/* That configure time sees in the headers what each SDK generation has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "shim_features.h"

static void the_later_generation_has_what_the_manual_lacks(void **state)
{
    (void)state;
    const int is_later = QL_SDK_GENERATION >= 2;
    assert_int_equal(HAVE_SETOPT, is_later);
    assert_int_equal(HAVE_PKT_TIMEOUT, is_later);
    assert_int_equal(HAVE_SSL_EXT, is_later);
    assert_int_equal(HAVE_BIND_SIM, is_later);
    assert_int_equal(HAVE_BOOT_CAUSE, is_later);
}

static void both_generations_make_tokens_and_count_the_processor(void **state)
{
    (void)state;
    assert_int_equal(HAVE_ONENET_TOKEN, 1);
    assert_int_equal(HAVE_CPU_USE, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_later_generation_has_what_the_manual_lacks),
        cmocka_unit_test(both_generations_make_tokens_and_count_the_processor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
