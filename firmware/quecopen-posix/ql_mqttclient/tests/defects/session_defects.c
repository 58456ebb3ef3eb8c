/* Sessions, from CONNECT to their end, and those that come back. */
#define _GNU_SOURCE
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "exercise.h"
#include "module.h"

static void session(void)
{
    start();
    pthread_mutex_lock(&at_connack);
    connect_as(info);
    /* Until the server has its CONNECT the client may or may not have come so far. */
    while (transcript.wire[0] == '\0')
        poll(NULL, 0, 1);
    note("connected %d", ql_mqtt_client_is_connected(&own));
    pthread_mutex_unlock(&at_connack);
    await(1);
    note("connected %d", ql_mqtt_client_is_connected(&own));
    for (uint8_t sub = 1; sub < 2; sub--) {
        note("sub %d", ql_mqtt_sub_unsub(&own, "f/#", 1, answered, &arg_a, sub));
        await(1);
    }
    for (uint8_t qos = 0; qos <= 2; qos++) {
        publish(qos, 2000, &arg_a);
        await(1);
    }
    publish(0, 125, &arg_b); /* a remaining length of 128 */
    await(1);
    finish();
}

static void every_field(void)
{
    start();
    info.client_id = "client-id-of-more-than-23-bytes";
    info.client_user = "user";
    info.client_pass = "a-password-that-is-longer-than-32-bytes";
    info.keep_alive = 600;
    info.will_topic = "will";
    info.will_msg = "gone";
    info.will_qos = 1;
    info.will_retain = 1;
    info.clean_session = 0;
    connect_as(info);
    await(1);
    finish();
    start();
    info.client_user = "user";
    info.will_topic = "will";
    info.will_msg = "";
    connect_as(info);
    await(1);
    finish();
}

static void odd_identities(void)
{
    start();
    info.client_pass = "password";
    connect_as(info);
    note("deinit %d", ql_mqtt_client_deinit(&own));
    start();
    info.client_id = "";
    info.clean_session = 0;
    connect_as(info);
    note("deinit %d", ql_mqtt_client_deinit(&own));
}

static void refused(void)
{
    manners.connack = 5;
    start_up();
    note("connected %d", ql_mqtt_client_is_connected(&own));
    await_end();
    note("deinit %d", ql_mqtt_client_deinit(&own));
}

static void refused_oddly(void)
{
    manners.connack = 128;
    start_up();
}

static void unanswered_connect(void)
{
    manners.mute = 1u << 1;
    start_up();
}

static void lost(void)
{
    manners.hang_up = true;
    start_up();
    publish(1, 10, &arg_a);
    await(2);
    await_end();
    note("connected %d", ql_mqtt_client_is_connected(&own));
    manners.hang_up = false;
    connect_as(info);
    await(1);
    note("deinit %d", ql_mqtt_client_deinit(&own));
    await_end();
}

static void network_lost(void)
{
    start_up();
    assert_true(qlv_module_stop_call(1));
    await(1);
}

static void come_back(uint8_t clean)
{
    manners.hang_up = true;
    start();
    info.clean_session = clean;
    connect_as(info);
    await(1);
    publish(1, 10, &arg_a);
    await(2);
    await_end();
    manners.hang_up = false;
    manners.session_present = clean == 0;
    connect_as(info);
    await(1);
    publish(0, 1, &arg_b);
    await(1);
    finish();
}

static void session_kept(void)
{
    come_back(0);
}

static void released_kept(void)
{
    manners.hang_up_late = true;
    start();
    info.clean_session = 0;
    connect_as(info);
    await(1);
    publish(2, 10, &arg_a);
    await(2);
    await_end();
    manners.hang_up_late = false;
    manners.session_present = 1;
    connect_as(info);
    await(1);
    publish(0, 1, &arg_b);
    await(1);
    finish();
}

static void session_clean(void)
{
    come_back(1);
}

static const struct showing showings[] = {
    { "publish-returns-success", session, "" },
    { "publish-callback-lost", session, "" },
    { "connect-callback-twice", session, "" },
    { "disconnect-callback-lost", session, "" },
    { "exception-after-disconnect", session, "" },
    { "callback-from-caller", session, "" },
    { "connected-too-early", session, "" },
    { "connected-too-long", session, "" },
    { "disconnect-packet-missing", session, "" },
    { "packet-after-disconnect", session, "" },
    { "retain-lost", session, "" },
    { "qos-capped", session, "" },
    { "payload-truncated", session, "" },
    { "payload-ends-at-nul", session, "" },
    { "remaining-length-boundary", session, "" },
    { "subscribe-qos-lost", session, "" },
    { "subscribe-flags-zero", session, "" },
    { "unsubscribe-as-subscribe", session, "" },
    { "pubrel-flags-zero", session, "" },
    { "packet-id-reused", session, "" },
    { "connect-fails-and-goes-on", session, "" },
    { "request-arg-of-connect", session, "" },
    { "protocol-level-wrong", session, "" },
    { "qos0-sent-twice", session, "" },
    { "subscribe-id-zero", session, "" },
    { "password-alone-sent", odd_identities, "" },
    { "empty-client-id-kept", odd_identities, "" },
    { "connect-callback-at-loss", lost, "" },
    { "exception-twice", lost, "" },
    { "exception-missing", lost, "" },
    { "pending-dropped-at-loss", lost, "" },
    { "reconnect-refused", lost, "" },
    { "reconnects-by-itself", lost, "" },
    { "refusal-untold", refused, "" },
    { "refusal-code-flattened", refused, "" },
    { "exception-after-refusal", refused, "" },
    { "socket-leaked", refused, "" },
    { "connack-code-raw", refused_oddly, "" },
    { "data-call-loss-unseen", network_lost, "" },
    { "clean-session-ignored", every_field, "" },
    { "keep-alive-in-minutes", every_field, "" },
    { "client-id-truncated", every_field, "" },
    { "user-omitted", every_field, "" },
    { "password-truncated", every_field, "" },
    { "will-omitted", every_field, "" },
    { "will-qos-lost", every_field, "" },
    { "will-retain-lost", every_field, "" },
    { "resend-without-dup", session_kept, "" },
    { "resend-with-new-id", session_kept, "" },
    { "session-not-resumed", session_kept, "" },
    { "publish-resent-after-pubrec", released_kept, "" },
    { "pubrel-missing", session, "request_ms=300" },
    { "clean-session-resent", session_clean, "" },
    { "connack-timeout-missing", unanswered_connect, "connack_ms=150" },
};

const struct showings session_defects = SHOWINGS(showings);
