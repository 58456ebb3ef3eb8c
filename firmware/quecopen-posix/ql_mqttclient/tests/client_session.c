/* The session's ledgers by themselves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "session.h"

static struct mq_session *session;

static int make(void **state)
{
    (void)state;
    session = calloc(1, sizeof *session);
    return session == NULL;
}

static int dispose(void **state)
{
    (void)state;
    mq_session_discard(session);
    free(session);
    return 0;
}

static struct mq_message *keep(uint16_t id, uint8_t qos)
{
    struct mq_bytes frame = { 0 };
    assert_true(mq_bytes_put(&frame, "frame", 5));
    struct mq_message *message = mq_session_keep(session, id, qos, &frame);
    assert_non_null(message);
    assert_null(frame.store);
    return message;
}

static void an_id_in_use_is_passed_over_when_ids_wrap(void **state)
{
    (void)state;
    assert_int_equal(mq_session_take_id(session), 1);
    for (unsigned id = 2; id <= 65535; id++) {
        assert_int_equal(mq_session_take_id(session), id);
        mq_session_free_id(session, (uint16_t)id);
    }
    assert_int_equal(mq_session_take_id(session), 2);
}

static void there_is_no_id_when_all_are_in_use(void **state)
{
    (void)state;
    for (unsigned id = 1; id <= 65535; id++)
        assert_int_equal(mq_session_take_id(session), id);
    assert_int_equal(mq_session_take_id(session), 0);
    mq_session_free_id(session, 777);
    assert_int_equal(mq_session_take_id(session), 777);
}

static void a_session_that_is_kept_drops_no_message_for_a_new_one(void **state)
{
    (void)state;
    keep(mq_session_take_id(session), 1)->awaited = false;
    struct mq_message *second = keep(mq_session_take_id(session), 1);

    assert_false(mq_session_has_room(session, 2, false));
    assert_true(mq_session_has_room(session, 2, true));
    assert_null(mq_session_find(session, 1));
    assert_ptr_equal(mq_session_find(session, 2), second);
    /* Nobody has answered it, so that its id is not free. */
    assert_int_equal(mq_session_take_id(session), 3);
    keep(3, 1);
    assert_false(mq_session_has_room(session, 2, true));
}

static void released_messages_keep_the_order_of_their_pubrecs(void **state)
{
    (void)state;
    for (uint16_t id = 1; id <= 3; id++)
        keep(mq_session_take_id(session), 2);
    mq_session_release(session, mq_session_find(session, 3));
    mq_session_release(session, mq_session_find(session, 1));
    mq_session_release(session, mq_session_find(session, 3));

    assert_int_equal(session->released->id, 3);
    assert_int_equal(session->released->next->id, 1);
    assert_null(session->released->next->next);
    assert_int_equal(session->unacknowledged->id, 2);
    mq_session_complete(session, mq_session_find(session, 3));
    assert_int_equal(session->released->id, 1);
    assert_int_equal(session->count, 2);
}

static void a_suspended_session_remembers_the_ids_of_its_messages_only(void **state)
{
    (void)state;
    keep(mq_session_take_id(session), 1);
    assert_int_equal(mq_session_take_id(session), 2); /* of a SUBSCRIBE, say */
    session->last_id = 0;

    mq_session_suspend(session);

    assert_false(mq_session_find(session, 1)->awaited);
    assert_int_equal(mq_session_take_id(session), 2);
}

static void a_qos_2_message_is_new_again_after_its_pubrel(void **state)
{
    (void)state;
    assert_true(mq_session_receive(session, 65535));
    assert_false(mq_session_receive(session, 65535));
    assert_true(mq_session_receive(session, 1));
    mq_session_received(session, 65535);
    mq_session_received(session, 2);
    assert_true(mq_session_receive(session, 65535));
    assert_false(mq_session_receive(session, 1));
    mq_session_discard(session);
    assert_true(mq_session_receive(session, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_id_in_use_is_passed_over_when_ids_wrap, make, dispose),
        cmocka_unit_test_setup_teardown(there_is_no_id_when_all_are_in_use, make, dispose),
        cmocka_unit_test_setup_teardown(a_session_that_is_kept_drops_no_message_for_a_new_one, make, dispose),
        cmocka_unit_test_setup_teardown(released_messages_keep_the_order_of_their_pubrecs, make, dispose),
        cmocka_unit_test_setup_teardown(a_suspended_session_remembers_the_ids_of_its_messages_only, make, dispose),
        cmocka_unit_test_setup_teardown(a_qos_2_message_is_new_again_after_its_pubrel, make, dispose),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
