/* Tasks, semaphores, mutexes, queues, time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <string.h>

#include "ql_api_osi.h"
#include "uptime.h"

static ql_sem_t started;
static ql_sem_t never;

static void a_wait_with_a_timeout_ends_no_earlier_than_that(void **state)
{
    (void)state;
    const int64_t before = ql_rtos_up_time_ms();
    assert_int_not_equal(ql_rtos_semaphore_wait(never, 60), QL_OSI_SUCCESS);
    assert_true(ql_rtos_up_time_ms() - before >= 59);
    assert_int_not_equal(ql_rtos_semaphore_wait(never, QL_NO_WAIT), QL_OSI_SUCCESS);
}

static void a_semaphore_counts_its_releases(void **state)
{
    (void)state;
    ql_sem_t sem;
    assert_int_equal(ql_rtos_semaphore_create(&sem, 1), QL_OSI_SUCCESS);
    ql_rtos_semaphore_release(sem);
    assert_int_equal(ql_rtos_semaphore_wait(sem, QL_NO_WAIT), QL_OSI_SUCCESS);
    assert_int_equal(ql_rtos_semaphore_wait(sem, QL_NO_WAIT), QL_OSI_SUCCESS);
    assert_int_not_equal(ql_rtos_semaphore_wait(sem, QL_NO_WAIT), QL_OSI_SUCCESS);
    ql_rtos_semaphore_delete(sem);
}

static void report_itself(void *arg)
{
    assert_int_equal(ql_rtos_task_get_current_ref(arg), QL_OSI_SUCCESS);
    ql_rtos_semaphore_release(started);
    (void)ql_rtos_semaphore_wait(never, QL_WAIT_FOREVER);
}

static void a_task_knows_its_own_handle_and_another_thread_gets_null(void **state)
{
    (void)state;
    ql_task_t task = NULL;
    ql_task_t seen = NULL;
    ql_task_t here = &seen;
    ql_task_status_t status;
    assert_int_equal(ql_rtos_task_create(&task, 4096, APP_PRIORITY_NORMAL, (char *)"me", report_itself, &seen, 0), QL_OSI_SUCCESS);
    assert_int_equal(ql_rtos_semaphore_wait(started, 5000), QL_OSI_SUCCESS);
    assert_ptr_equal(seen, task);
    assert_int_equal(ql_rtos_task_get_current_ref(&here), QL_OSI_SUCCESS);
    assert_null(here);
    assert_int_equal(ql_rtos_task_get_status(task, &status), QL_OSI_SUCCESS);
    assert_string_equal(status.pcTaskName, "me");
    assert_int_equal(status.uxCurrentPriority, APP_PRIORITY_NORMAL);
    assert_int_equal(ql_rtos_task_delete(task), QL_OSI_SUCCESS);
}

static void a_deleted_task_leaves_what_it_waited_for_usable(void **state)
{
    (void)state;
    ql_task_t task = NULL;
    ql_task_t seen = NULL;
    ql_task_status_t status;
    assert_int_equal(ql_rtos_task_create(&task, 4096, 12, (char *)"waits", report_itself, &seen, 0), QL_OSI_SUCCESS);
    assert_int_equal(ql_rtos_semaphore_wait(started, 5000), QL_OSI_SUCCESS);
    assert_int_equal(ql_rtos_task_delete(task), QL_OSI_SUCCESS);
    assert_int_equal(ql_rtos_task_get_status(task, &status), QL_OSI_SUCCESS);
    assert_int_equal(status.eCurrentState, Deleted);
    assert_int_not_equal(ql_rtos_semaphore_wait(never, 10), QL_OSI_SUCCESS);
}

static void end_itself(void *unused)
{
    (void)unused;
    ql_rtos_semaphore_release(started);
    ql_rtos_task_delete(NULL);
    ql_rtos_semaphore_release(never);
}

static void tasks_can_come_and_go_without_end(void **state)
{
    (void)state;
    for (int i = 0; i < 500; i++) {
        ql_task_t task = NULL;
        /* More than the table holds: a place is free again once its task has ended. */
        while (ql_rtos_task_create(&task, 2048, 12, (char *)"brief", end_itself, NULL, 0) != QL_OSI_SUCCESS)
            ql_rtos_task_yield();
        assert_int_equal(ql_rtos_semaphore_wait(started, 5000), QL_OSI_SUCCESS);
    }
    assert_int_not_equal(ql_rtos_semaphore_wait(never, QL_NO_WAIT), QL_OSI_SUCCESS);
}

static void use_stack(void *arg)
{
    volatile unsigned char room[6000];
    (void)arg;
    for (size_t i = 0; i < sizeof room; i++)
        room[i] = 1;
    ql_rtos_semaphore_release(started);
    (void)ql_rtos_semaphore_wait(never, QL_WAIT_FOREVER);
}

static void the_high_water_mark_shows_what_a_task_used(void **state)
{
    (void)state;
    ql_task_t task = NULL;
    ql_task_status_t status;
    assert_int_equal(ql_rtos_task_create(&task, 32768, 12, (char *)"deep", use_stack, NULL, 0), QL_OSI_SUCCESS);
    assert_int_equal(ql_rtos_semaphore_wait(started, 5000), QL_OSI_SUCCESS);
    assert_int_equal(ql_rtos_task_get_status(task, &status), QL_OSI_SUCCESS);
    assert_in_range(status.usStackHighWaterMark, 32768 - 6000 - 12000, 32768 - 6000);
    ql_rtos_task_delete(task);
}

struct mutex_test {
    ql_mutex_t mutex;
    QlOSStatus taken;
};

static void *try_from_elsewhere(void *argument)
{
    struct mutex_test *test = argument;
    test->taken = ql_rtos_mutex_lock(test->mutex, 20);
    if (test->taken == QL_OSI_SUCCESS)
        ql_rtos_mutex_unlock(test->mutex);
    return NULL;
}

static QlOSStatus lock_from_elsewhere(struct mutex_test *test)
{
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, try_from_elsewhere, test), 0);
    pthread_join(thread, NULL);
    return test->taken;
}

static void a_mutex_is_recursive_and_keeps_others_out_until_its_last_unlock(void **state)
{
    (void)state;
    struct mutex_test test = {NULL, 0};
    assert_int_equal(ql_rtos_mutex_create(&test.mutex), QL_OSI_SUCCESS);
    assert_int_equal(ql_rtos_mutex_lock(test.mutex, QL_WAIT_FOREVER), QL_OSI_SUCCESS);
    assert_int_equal(ql_rtos_mutex_try_lock(test.mutex), QL_OSI_SUCCESS);
    ql_rtos_mutex_unlock(test.mutex);
    assert_int_not_equal(lock_from_elsewhere(&test), QL_OSI_SUCCESS);
    ql_rtos_mutex_unlock(test.mutex);
    assert_int_equal(lock_from_elsewhere(&test), QL_OSI_SUCCESS);
    assert_int_not_equal(ql_rtos_mutex_unlock(test.mutex), QL_OSI_SUCCESS);
    ql_rtos_mutex_delete(test.mutex);
}

static void a_queue_keeps_order_and_refuses_what_it_has_no_room_for(void **state)
{
    (void)state;
    ql_queue_t queue;
    uint32 item = 0;
    assert_int_equal(ql_rtos_queue_create(&queue, sizeof item, 3), QL_OSI_SUCCESS);
    for (uint32 round = 0; round < 4; round++) {
        for (uint32 i = 0; i < 3; i++) {
            item = round * 10 + i;
            assert_int_equal(ql_rtos_queue_release(queue, sizeof item, (uint8 *)&item, QL_NO_WAIT), QL_OSI_SUCCESS);
        }
        assert_int_not_equal(ql_rtos_queue_release(queue, sizeof item, (uint8 *)&item, 10), QL_OSI_SUCCESS);
        for (uint32 i = 0; i < 3; i++) {
            assert_int_equal(ql_rtos_queue_wait(queue, (uint8 *)&item, sizeof item, QL_NO_WAIT), QL_OSI_SUCCESS);
            assert_int_equal(item, round * 10 + i);
        }
    }
    assert_int_not_equal(ql_rtos_queue_wait(queue, (uint8 *)&item, sizeof item, 10), QL_OSI_SUCCESS);
    assert_int_not_equal(ql_rtos_queue_wait(queue, (uint8 *)&item, 1, 10), QL_OSI_SUCCESS);
    ql_rtos_queue_delete(queue);
}

static void the_processor_that_was_in_use_is_told_from_the_first_call_on(void **state)
{
    (void)state;
    assert_int_equal(ql_rtos_get_cpu_using(), 0);
    const int64_t until_ms = ql_rtos_up_time_ms() + 60000;
    while (ql_rtos_get_cpu_using() == 0 && ql_rtos_up_time_ms() < until_ms) {
    }
    assert_in_range(ql_rtos_get_cpu_using(), 1, 100);
}

static int make(void **state)
{
    (void)state;
    qlv_uptime_start();
    return ql_rtos_semaphore_create(&started, 0) + ql_rtos_semaphore_create(&never, 0);
}

static int unmake(void **state)
{
    (void)state;
    return ql_rtos_semaphore_delete(started) + ql_rtos_semaphore_delete(never);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wait_with_a_timeout_ends_no_earlier_than_that),
        cmocka_unit_test(a_semaphore_counts_its_releases),
        cmocka_unit_test(a_task_knows_its_own_handle_and_another_thread_gets_null),
        cmocka_unit_test(a_deleted_task_leaves_what_it_waited_for_usable),
        cmocka_unit_test(tasks_can_come_and_go_without_end),
        cmocka_unit_test(the_high_water_mark_shows_what_a_task_used),
        cmocka_unit_test(a_mutex_is_recursive_and_keeps_others_out_until_its_last_unlock),
        cmocka_unit_test(a_queue_keeps_order_and_refuses_what_it_has_no_room_for),
        cmocka_unit_test(the_processor_that_was_in_use_is_told_from_the_first_call_on),
    };
    return cmocka_run_group_tests(tests, make, unmake);
}
