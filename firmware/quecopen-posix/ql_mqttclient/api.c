/* The functions of ql_mqttclient.h: parameters first, then the handle, then its state. */
#include "ql_mqttclient.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "client.h"
#include "connection.h"
#include "defects.h"
#include "engine.h"
#include "options.h"
#include "outbox.h"
#include "qlv_clock.h"
#include "request.h"
#include "token.h"
#include "topic.h"

#define CID_MAX 255

static int no_such_client(void)
{
    static const int codes[] = { MQTTCLIENT_INVALID_PARAM, MQTTCLIENT_NOT_CONNECT, MQTTCLIENT_BAD_REQUEST };
    return codes[mq_option(MQ_OPT_STALE_CODE)];
}

static int no_more_clients(void)
{
    static const int codes[] = { MQTTCLIENT_ALLOC_FAIL, MQTTCLIENT_OUT_OF_MEM, MQTTCLIENT_BAD_REQUEST };
    return codes[mq_option(MQ_OPT_CLIENTS_CODE)];
}

static int busy(void)
{
    return mq_option(MQ_OPT_BUSY_CODE) == 0 ? MQTTCLIENT_BAD_REQUEST : MQTTCLIENT_INVALID_PARAM;
}

/* Without a callback there is nobody to notify, so that "the notification follows" would be odd. */
static int without_callback(int result)
{
    bool wound = mq_option(MQ_OPT_NULL_CB) == NULL_CB_WOUNDBLOCK;
    return result == MQTTCLIENT_WOUNDBLOCK && !wound ? MQTTCLIENT_SUCCESS : result;
}

/* A check that takes every NULL for the same mistake. */
static bool misses_callback(bool is_null)
{
    return is_null && mq_defect(MQ_DEFECT_NULL_CALLBACK_REFUSED);
}

static bool is_one_of_two(void)
{
    return mq_client_at(0)->used && mq_client_at(1)->used;
}

static bool refuses_null_callback(bool is_null)
{
    return is_null && mq_option(MQ_OPT_NULL_CB) == NULL_CB_INVALID_PARAM;
}

/* The session is up, and the application knows it. */
static bool is_up(const struct mq_client *client)
{
    return client->announced && client->state == MQ_STATE_UP;
}

static bool takes_requests(const struct mq_client *client)
{
    return is_up(client) || (client->state == MQ_STATE_GREETING && mq_option(MQ_OPT_REQUESTS_FROM) == REQUESTS_FROM_CONNECT);
}

static bool says_connected(const struct mq_client *client)
{
    if (mq_defect(MQ_DEFECT_CONNECTED_TOO_EARLY) && client->state >= MQ_STATE_REACHING && client->state <= MQ_STATE_GREETING)
        return true;
    if (mq_defect(MQ_DEFECT_CONNECTED_TOO_LONG) && client->session_owner != NULL)
        return true;
    return is_up(client) || (client->state == MQ_STATE_LEAVING && mq_option(MQ_OPT_DISCONNECTING) == DISCONNECTING_UP);
}

int ql_mqtt_client_init(mqtt_client_t *client, int cid)
{
    mq_options_load();
    if (client == NULL || cid < 0 || cid > CID_MAX)
        return MQTTCLIENT_INVALID_PARAM;
    if (!mq_engine_start())
        return MQTTCLIENT_ALLOC_FAIL;
    mq_engine_lock();
    const struct mq_client *made = mq_client_new(cid);
    if (made != NULL)
        *client = mq_defect(MQ_DEFECT_HANDLE_SHARED) && mq_client_at(0)->used ? mq_client_at(0)->handle : made->handle;
    mq_engine_unlock();
    return made != NULL ? MQTTCLIENT_SUCCESS : no_more_clients();
}

struct connect_call {
    mqtt_client_t *pointer;
    mqtt_connection_cb_t cb;
    void *arg;
    mqtt_state_exception_cb_t exception_cb;
};

/* Takes `info` over. */
static int start_connect(struct mq_client *client, struct mq_info *info, const struct connect_call *call)
{
    if (client == NULL)
        return mq_defect(MQ_DEFECT_RELEASED_CLIENT_CONNECTS) ? MQTTCLIENT_WOUNDBLOCK : no_such_client();
    if (mq_defect(MQ_DEFECT_PROTOCOL_LEVEL_WRONG))
        client->level = 5;
    if (client->state == MQ_STATE_UP && mq_defect(MQ_DEFECT_SECOND_CONNECT_SENT)) {
        mq_outbox_connect(client);
        mq_engine_wake();
        return MQTTCLIENT_WOUNDBLOCK;
    }
    if (client->state == MQ_STATE_UP && mq_defect(MQ_DEFECT_SECOND_CONNECT_TAKEN))
        return MQTTCLIENT_WOUNDBLOCK;
    if (client->state != MQ_STATE_IDLE)
        return busy();
    if (mq_option(MQ_OPT_RECONNECT_INPUB) == INPUB_WIPED || mq_defect(MQ_DEFECT_INPUB_WIPED_BY_CONNECT))
        client->message_cb = NULL;
    if (mq_defect(MQ_DEFECT_RECONNECTS_BY_ITSELF))
        mq_info_free(&client->info);
    client->info = *info;
    memset(info, 0, sizeof *info);
    client->connection_cb = call->cb;
    client->connection_arg = call->arg;
    client->connection_pointer = call->pointer;
    client->exception_cb = call->exception_cb;
    mq_connection_start(client);
    return MQTTCLIENT_WOUNDBLOCK;
}

int ql_mqtt_connect(mqtt_client_t *client, const char *host, mqtt_connection_cb_t cb, void *arg,
                    const struct mqtt_connect_client_info_t *client_info, mqtt_state_exception_cb_t exp_cb)
{
    struct mq_info info;
    const struct connect_call call = { client, cb, arg, exp_cb };
    mq_options_load();
    if (client == NULL || host == NULL || client_info == NULL || refuses_null_callback(cb == NULL))
        return MQTTCLIENT_INVALID_PARAM;
    int result = mq_info_copy(&info, host, client_info);
    if (result != MQTTCLIENT_SUCCESS)
        return result;
    mq_engine_lock();
    result = start_connect(mq_client_find(client), &info, &call);
    mq_engine_unlock();
    mq_info_free(&info);
    if (result == MQTTCLIENT_WOUNDBLOCK && mq_defect(MQ_DEFECT_CONNECT_FAILS_AND_GOES_ON))
        return MQTTCLIENT_TCP_CONNECT_FAIL;
    return cb == NULL ? without_callback(result) : result;
}

static bool publish_is_legal(const char *topic, const void *payload, unsigned short length, unsigned char qos)
{
    if (topic == NULL)
        return false;
    if (mq_option(MQ_OPT_CALLS) == CALLS_UNCHECKED)
        return strlen(topic) <= UINT16_MAX - 2;
    if (qos > 2 && !mq_defect(MQ_DEFECT_QOS3_SENT))
        return false;
    if (payload == NULL && length > 0 && !mq_defect(MQ_DEFECT_NULL_PAYLOAD_READ))
        return false;
    if (mq_defect(MQ_DEFECT_TOPIC_NOT_UTF8_SENT) && topic[0] != '\0' && strpbrk(topic, "#+") == NULL)
        return true;
    return mq_topic_name_valid((const uint8_t *)topic, strlen(topic)) ||
           (mq_defect(MQ_DEFECT_WILDCARD_PUBLISHED) && mq_topic_filter_valid((const uint8_t *)topic, strlen(topic)));
}

/* What fixed buffers in real firmware lead to. */
static void copy_to_short_buffer(const char *topic)
{
    if (mq_defect(MQ_DEFECT_LONG_TOPIC_CRASHES) && strlen(topic) >= 256)
        abort();
}

/* Plausible when the task that makes callbacks finds nothing to wait for. */
static bool calls_back_at_once(unsigned char qos)
{
    return mq_defect(MQ_DEFECT_CALLBACK_NESTED) && qos == 0 && mq_events_is_own_task();
}

static int start_publish(struct mq_client *client, struct mq_publish *publish, const struct mq_asker *asker)
{
    if (!takes_requests(client) && mq_defect(MQ_DEFECT_UNCONNECTED_ACCEPTED))
        return MQTTCLIENT_WOUNDBLOCK;
    if (mq_defect(MQ_DEFECT_QOS_CAPPED) && publish->qos == 2)
        publish->qos = 1;
    if (mq_defect(MQ_DEFECT_FIRST_PUBLISH_RETAINED) && client->last_order == 0)
        publish->retain = true;
    if (mq_defect(MQ_DEFECT_REFUSED_BESIDE_ANOTHER) && is_one_of_two())
        return MQTTCLIENT_BAD_REQUEST;
    if (mq_option(MQ_OPT_CALLS) == CALLS_UNCHECKED)
        publish->qos &= 3;
    return takes_requests(client) ? mq_request_publish(client, publish, asker) : MQTTCLIENT_NOT_CONNECT;
}

int ql_mqtt_publish(mqtt_client_t *client, const char *topic, const void *payload, unsigned short payload_length, unsigned char qos,
                    unsigned char retain, mqtt_request_cb_t cb, void *arg)
{
    struct mq_asker asker = { client, cb, arg };
    struct mq_publish publish = { .topic = topic, .payload = payload, .length = payload_length, .qos = qos, .retain = retain != 0 };
    mq_options_load();
    if (client == NULL && mq_defect(MQ_DEFECT_NULL_CLIENT_A_BAD_REQUEST))
        return MQTTCLIENT_BAD_REQUEST;
    if (misses_callback(cb == NULL))
        return MQTTCLIENT_BAD_REQUEST;
    if (client == NULL || refuses_null_callback(cb == NULL) || !publish_is_legal(topic, payload, payload_length, qos))
        return MQTTCLIENT_INVALID_PARAM;
    copy_to_short_buffer(topic);
    if (calls_back_at_once(qos))
        asker.cb = NULL;
    mq_engine_lock();
    struct mq_client *found = mq_client_find(client);
    int result = found == NULL ? no_such_client() : start_publish(found, &publish, &asker);
    if (result == MQTTCLIENT_WOUNDBLOCK && mq_defect(MQ_DEFECT_PUBLISH_WAITS_FOR_ACK))
        mq_events_wait_for_request(found, cb, arg);
    mq_engine_unlock();
    if (result == MQTTCLIENT_WOUNDBLOCK && publish.qos == 0 && cb != NULL && mq_defect(MQ_DEFECT_CALLBACK_FROM_CALLER))
        cb(client, arg, 0);
    if (result == MQTTCLIENT_WOUNDBLOCK && calls_back_at_once(qos) && cb != NULL)
        cb(client, arg, 0);
    if (result == MQTTCLIENT_WOUNDBLOCK && mq_defect(MQ_DEFECT_PUBLISH_RETURNS_SUCCESS))
        return MQTTCLIENT_SUCCESS;
    return cb == NULL ? without_callback(result) : result;
}

/* Where it is an assertion, a wrong one stops the module. */
static bool assert_qos(unsigned char qos)
{
    if (qos > 2)
        abort();
    return true;
}

static bool subscription_is_legal(const char *filter, unsigned char qos, unsigned char sub)
{
    if (filter == NULL)
        return false;
    if (mq_option(MQ_OPT_CALLS) == CALLS_UNCHECKED)
        return assert_qos(qos) && strlen(filter) <= UINT16_MAX - 2;
    if (sub != 0 && qos > 2)
        return false;
    if (sub > 1 && mq_option(MQ_OPT_SUB_OTHER) == SUB_OTHER_REFUSE)
        return false;
    return mq_defect(MQ_DEFECT_FILTER_UNCHECKED) || mq_topic_filter_valid((const uint8_t *)filter, strlen(filter));
}

int ql_mqtt_sub_unsub(mqtt_client_t *client, const char *topic, unsigned char qos, mqtt_request_cb_t cb, void *arg, unsigned char sub)
{
    const struct mq_asker asker = { client, cb, arg };
    mq_options_load();
    if (client == NULL || refuses_null_callback(cb == NULL) || !subscription_is_legal(topic, qos, sub))
        return MQTTCLIENT_INVALID_PARAM;
    mq_engine_lock();
    struct mq_client *found = mq_client_find(client);
    int result = MQTTCLIENT_NOT_CONNECT;
    if (found == NULL)
        result = no_such_client();
    else if (takes_requests(found))
        result = mq_request_subscription(found, sub != 0 || mq_defect(MQ_DEFECT_UNSUBSCRIBE_AS_SUBSCRIBE), topic, qos, &asker);
    mq_engine_unlock();
    return cb == NULL ? without_callback(result) : result;
}

static int start_disconnect(struct mq_client *client, mqtt_client_t *pointer, mqtt_disconnect_cb_t cb, void *arg)
{
    if (client == NULL)
        return no_such_client();
    if (!is_up(client))
        return MQTTCLIENT_NOT_CONNECT;
    client->disconnection_cb = cb;
    client->disconnection_arg = arg;
    client->disconnection_pointer = pointer;
    mq_connection_leave(client);
    return mq_option(MQ_OPT_DISCONNECT_TOLD) == DISCONNECT_UNTOLD ? MQTTCLIENT_SUCCESS : MQTTCLIENT_WOUNDBLOCK;
}

int ql_mqtt_disconnect(mqtt_client_t *client, mqtt_disconnect_cb_t cb, void *arg)
{
    mq_options_load();
    if (client == NULL || refuses_null_callback(cb == NULL))
        return MQTTCLIENT_INVALID_PARAM;
    mq_engine_lock();
    int result = start_disconnect(mq_client_find(client), client, cb, arg);
    mq_engine_unlock();
    return cb == NULL ? without_callback(result) : result;
}

int ql_mqtt_set_inpub_callback(mqtt_client_t *client, mqtt_incoming_publish_cb_t inpub_cb, void *arg)
{
    mq_options_load();
    if (client == NULL)
        return MQTTCLIENT_INVALID_PARAM;
    mq_engine_lock();
    struct mq_client *found = mq_client_find(client);
    if (found != NULL) {
        if (found->message_cb == NULL || !mq_defect(MQ_DEFECT_INPUB_NOT_REPLACED)) {
            found->message_cb = inpub_cb;
            found->message_arg = arg;
        }
        found->message_pointer = client;
        /* After the return the old callback must not be heard of again. */
        mq_events_wait_for_message_callback(found);
    }
    mq_engine_unlock();
    if (found != NULL && mq_defect(MQ_DEFECT_SET_CALLBACK_RETURNS_ONE))
        return 1;
    if (found != NULL && mq_defect(MQ_DEFECT_SET_CALLBACK_WOULDBLOCK))
        return MQTTCLIENT_WOUNDBLOCK;
    return found != NULL ? MQTTCLIENT_SUCCESS : no_such_client();
}

int ql_mqtt_client_is_connected(mqtt_client_t *client)
{
    mq_options_load();
    if (client == NULL)
        return 0;
    mq_engine_lock();
    const struct mq_client *found = mq_client_find(client);
    int connected = found != NULL && says_connected(found);
    mq_engine_unlock();
    return connected;
}

static void release(struct mq_client *client)
{
    /* The callback task cannot wait for itself; what is pending then ends in silence. */
    bool silent = mq_option(MQ_OPT_PENDING_AT_DEINIT) == PENDING_SILENT || mq_events_is_own_task();
    client->releasing = true;
    if (mq_defect(MQ_DEFECT_CALLBACK_AFTER_DEINIT) && !mq_events_is_own_task()) {
        mq_connection_abandon_later(client);
        return;
    }
    if (silent)
        mq_events_purge(client);
    mq_connection_abandon(client, silent);
    if (!mq_events_is_own_task())
        mq_events_drain(client, mq_option(MQ_OPT_DEINIT_MS));
    mq_client_free(client);
}

int ql_mqtt_client_deinit(mqtt_client_t *client)
{
    mq_options_load();
    if (client == NULL)
        return MQTTCLIENT_INVALID_PARAM;
    mq_engine_lock();
    struct mq_client *found = mq_client_find(client);
    if (found != NULL) {
        release(found);
        if (mq_option(MQ_OPT_DEINIT_CLEARS) == DEINIT_CLEARS_YES)
            *client = 0;
        mq_engine_wake();
    }
    mq_engine_unlock();
    return found != NULL ? MQTTCLIENT_SUCCESS : no_such_client();
}

char *ql_mqtt_onenet_generate_auth_token(signed long long expire_time, char *product_id, char *device_name, char *version, char *access_key)
{
    mq_options_load();
    if (product_id == NULL || device_name == NULL || version == NULL || access_key == NULL)
        return NULL;
    long long now = mq_defect(MQ_DEFECT_TOKEN_WITHOUT_CLOCK) ? 0 : (long long)qlv_unix_time();
    return mq_token_make(now + expire_time, product_id, device_name, version, access_key);
}

#if QL_SDK_GENERATION >= 2
static bool set_option(struct mq_client *client, int tag, int value)
{
    if (tag == MQTT_CLIENT_OPT_REC_BUF_MAX && value >= MQTT_OPT_REC_BUF_MIN && value <= MQTT_OPT_REC_BUF_MAX) {
        client->rx_max = (size_t)value;
        return true;
    }
    if (tag == MQTT_CLIENT_OPT_VERSION && (value == 3 || value == 4)) {
        client->level = (uint8_t)value;
        return true;
    }
    return false;
}

int ql_mqtt_client_setopt(mqtt_client_t *client, int opt_tag, ...)
{
    va_list args;
    mq_options_load();
    if (client == NULL)
        return MQTTCLIENT_INVALID_PARAM;
    va_start(args, opt_tag);
    int value = va_arg(args, int);
    va_end(args);
    mq_engine_lock();
    struct mq_client *found = mq_client_find(client);
    int result = MQTTCLIENT_BAD_REQUEST;
    if (found == NULL)
        result = no_such_client();
    else if (found->state == MQ_STATE_IDLE)
        result = set_option(found, opt_tag, value) ? MQTTCLIENT_SUCCESS : MQTTCLIENT_INVALID_PARAM;
    mq_engine_unlock();
    return result;
}
#endif
