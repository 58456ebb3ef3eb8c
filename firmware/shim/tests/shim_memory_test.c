/* The argument arena and the captures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../core/arena.h"
#include "../core/captures.h"

static struct shim_arena arena;
static uint8_t room[1024];

static void blocks_never_overlap_and_are_aligned(void **state)
{
    (void)state;
    uint32_t numbers[8];
    uint8_t *blocks[8];
    shim_arena_init(&arena, room, sizeof room);

    for (int i = 0; i < 8; i++) {
        blocks[i] = shim_arena_take(&arena, 100, &numbers[i]);
        assert_non_null(blocks[i]);
        assert_int_equal((blocks[i] - room) % 16, 0);
        memset(blocks[i], i, 100);
    }
    for (int i = 0; i < 8; i++)
        for (int j = 0; j < 100; j++)
            assert_int_equal(blocks[i][j], i);
}

static void a_full_arena_gives_nothing(void **state)
{
    (void)state;
    uint32_t number;
    shim_arena_init(&arena, room, sizeof room);

    assert_null(shim_arena_take(&arena, sizeof room + 1, &number));
    assert_non_null(shim_arena_take(&arena, sizeof room, &number));
    assert_null(shim_arena_take(&arena, 1, &number));
}

static void a_block_that_was_let_go_stays_as_it_is_until_its_place_is_needed(void **state)
{
    (void)state;
    uint32_t first;
    uint32_t second;
    uint32_t other;
    shim_arena_init(&arena, room, sizeof room);
    char *one = shim_arena_take(&arena, 400, &first);
    char *two = shim_arena_take(&arena, 400, &second);
    strcpy(one, "one");
    strcpy(two, "two");

    shim_arena_let_go(&arena, second);
    shim_arena_let_go(&arena, first);
    assert_ptr_equal(shim_arena_take(&arena, 200, &other), room + 800);
    assert_string_equal(one, "one");
    assert_string_equal(two, "two");

    /* The one let go first makes place first. */
    assert_ptr_equal(shim_arena_take(&arena, 300, &other), two);
    assert_string_equal(one, "one");
    assert_ptr_equal(shim_arena_take(&arena, 400, &other), one);
    assert_null(shim_arena_take(&arena, 400, &other));
}

static void blocks_in_use_are_never_given_away(void **state)
{
    (void)state;
    struct {
        uint8_t *at;
        uint32_t number;
        size_t size;
        uint8_t mark;
    } live[12];
    size_t count = 0;
    uint32_t random = 88172645;
    shim_arena_init(&arena, room, sizeof room);

    for (int i = 0; i < 5000; i++) {
        random ^= random << 13;
        random ^= random >> 17;
        random ^= random << 5;
        if (count > 0 && (random & 3) == 0) {
            size_t gone = (random >> 8) % count;
            for (size_t j = 0; j < live[gone].size; j++)
                assert_int_equal(live[gone].at[j], live[gone].mark);
            shim_arena_let_go(&arena, live[gone].number);
            live[gone] = live[--count];
        } else if (count < 12) {
            live[count].size = 1 + (random >> 8) % 150;
            live[count].mark = (uint8_t)random;
            live[count].at = shim_arena_take(&arena, live[count].size, &live[count].number);
            if (live[count].at == NULL)
                continue;
            memset(live[count].at, live[count].mark, live[count].size);
            count++;
        }
    }
}

static void a_full_table_makes_place_like_a_full_arena(void **state)
{
    (void)state;
    static uint8_t large[16 * (SHIM_BLOCKS + 10)];
    uint32_t first;
    uint32_t number;
    shim_arena_init(&arena, large, sizeof large);
    shim_arena_take(&arena, 1, &first);
    for (int i = 1; i < SHIM_BLOCKS; i++)
        assert_non_null(shim_arena_take(&arena, 1, &number));

    assert_null(shim_arena_take(&arena, 1, &number));
    shim_arena_let_go(&arena, first);
    assert_non_null(shim_arena_take(&arena, 1, &number));
}

static struct shim_captures captures;

static void expect_capture(uint32_t number, const char *text)
{
    size_t length;
    const uint8_t *bytes = shim_captures_find(&captures, number, &length);
    assert_non_null(bytes);
    assert_int_equal(length, strlen(text));
    assert_memory_equal(bytes, text, length);
}

static void the_newest_payloads_are_kept_whole(void **state)
{
    (void)state;
    size_t length;
    shim_captures_init(&captures, room, 10);

    assert_int_equal(shim_captures_put(&captures, "abcd", 4), 1);
    assert_int_equal(shim_captures_put(&captures, "efgh", 4), 2);
    expect_capture(1, "abcd");
    expect_capture(2, "efgh");
    assert_int_equal(shim_captures_put(&captures, "ijk", 3), 3);

    assert_null(shim_captures_find(&captures, 1, &length));
    expect_capture(2, "efgh");
    expect_capture(3, "ijk");
}

static void an_empty_payload_is_a_capture_and_too_long_a_one_is_none(void **state)
{
    (void)state;
    size_t length;
    shim_captures_init(&captures, room, 10);

    assert_int_equal(shim_captures_put(&captures, "", 0), 1);
    expect_capture(1, "");
    assert_int_equal(shim_captures_put(&captures, "0123456789", 10), 2);
    expect_capture(2, "0123456789");
    assert_int_equal(shim_captures_put(&captures, "0123456789x", 11), 0);
    assert_null(shim_captures_find(&captures, 0, &length));
    assert_null(shim_captures_find(&captures, 99, &length));
}

static void captures_older_than_the_table_are_gone(void **state)
{
    (void)state;
    size_t length;
    shim_captures_init(&captures, room, sizeof room);
    for (uint32_t i = 1; i <= SHIM_CAPTURES + 1; i++)
        shim_captures_put(&captures, "x", 1);

    assert_null(shim_captures_find(&captures, 1, &length));
    expect_capture(2, "x");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(blocks_never_overlap_and_are_aligned),
        cmocka_unit_test(a_full_arena_gives_nothing),
        cmocka_unit_test(a_block_that_was_let_go_stays_as_it_is_until_its_place_is_needed),
        cmocka_unit_test(blocks_in_use_are_never_given_away),
        cmocka_unit_test(a_full_table_makes_place_like_a_full_arena),
        cmocka_unit_test(the_newest_payloads_are_kept_whole),
        cmocka_unit_test(an_empty_payload_is_a_capture_and_too_long_a_one_is_none),
        cmocka_unit_test(captures_older_than_the_table_are_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
