/* Requests, and servers that answer them late, wrongly or not at all. */
#define _GNU_SOURCE
#include <time.h>

#include "exercise.h"

#define QUICK "request_ms=250"

static void two_pending(void)
{
    manners.swap = true;
    start_up();
    publish(1, 1, &arg_a);
    publish(1, 1, &arg_b);
    await(2);
    finish();
}

static void wrong_kind(void)
{
    manners.wrong_kind = true;
    manners.suback = 0x80;
    start_up();
    note("sub %d", ql_mqtt_sub_unsub(&own, "f", 1, answered, &arg_a, 1));
    await(1);
    publish(1, 1, &arg_a);
    await(1);
    finish();
}

static void acknowledged_again(void)
{
    manners.repeat = true;
    start_up();
    publish(1, 1, &arg_a);
    await(1);
    await(1);
    finish();
}

static void beside_pending(void)
{
    manners.mute = 1u << 3;
    start_up();
    publish(1, 1, &arg_a);
    publish(0, 1, &arg_b);
    await(2);
    finish();
}

static void never_acknowledged(void)
{
    manners.mute = 1u << 3;
    start_up();
    publish(1, 1, &arg_a);
    await(1);
    finish();
}

static void pubrec_unfinished(void)
{
    manners.mute = 1u << 6;
    start_up();
    publish(2, 1, &arg_a);
    await(1);
    finish();
}

static void too_many(void)
{
    manners.mute = 1u << 3;
    start_up();
    for (int i = 0; i < 4; i++)
        publish(1, 1, &arg_a);
    note("sub %d", ql_mqtt_sub_unsub(&own, "f", 1, answered, &arg_b, 1));
    await(4);
    finish();
}

static void slow_answer(void)
{
    manners.mute = 1u << 3;
    start_up();
    struct timespec begin;
    struct timespec end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    publish(1, 1, &arg_a);
    clock_gettime(CLOCK_MONOTONIC, &end);
    note("waited %d", (end.tv_sec - begin.tv_sec) * 1000 + (end.tv_nsec - begin.tv_nsec) / 1000000 > 150);
    await(1);
    finish();
}

static const struct showing showings[] = {
    { "refused-subscribe-sent", too_many, QUICK },
    { "request-arg-shared", two_pending, "" },
    { "ack-id-unchecked", two_pending, "" },
    { "success-before-ack", never_acknowledged, QUICK },
    { "timeout-told-as-success", never_acknowledged, QUICK },
    { "request-timeout-missing", never_acknowledged, QUICK },
    { "qos0-dropped-beside-pending", beside_pending, QUICK },
    { "late-ack-told", acknowledged_again, "" },
    { "ack-type-unchecked", wrong_kind, QUICK },
    { "suback-failure-ignored", wrong_kind, QUICK },
    { "err-unlisted", wrong_kind, QUICK },
    { "qos2-done-at-pubrec", pubrec_unfinished, QUICK },
    { "publish-waits-for-ack", slow_answer, QUICK },
    { "resend-without-end", never_acknowledged, "request_ms=250;retries=1" },
};

const struct showings request_defects = SHOWINGS(showings);
