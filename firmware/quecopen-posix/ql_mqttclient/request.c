#include "request.h"

#include <string.h>

#include "connection.h"
#include "defects.h"
#include "engine.h"
#include "options.h"
#include "outbox.h"
#include "topic.h"

static int too_many(void)
{
    static const int codes[] = { MQTTCLIENT_OUT_OF_MEM, MQTTCLIENT_ALLOC_FAIL, MQTTCLIENT_BAD_REQUEST, MQTTCLIENT_SEND_PKT_FAIL };
    return codes[mq_option(MQ_OPT_INFLIGHT_CODE)];
}

static struct mq_request *find_free(struct mq_client *client)
{
    for (int i = 0; i < mq_option(MQ_OPT_MAX_INFLIGHT); i++)
        if (!client->requests[i].used)
            return &client->requests[i];
    return NULL;
}

static struct mq_request *find_waiting(struct mq_client *client, enum mq_request_kind kind, uint16_t id)
{
    for (size_t i = 0; i < MQ_REQUESTS_MAX; i++) {
        struct mq_request *request = &client->requests[i];
        bool right_kind = request->kind == kind || mq_defect(MQ_DEFECT_ACK_TYPE_UNCHECKED);
        bool right_id = request->id == id || (mq_defect(MQ_DEFECT_ACK_ID_UNCHECKED) && request->id != 0);
        if (request->used && !request->done && !request->answered && right_id && right_kind)
            return request;
    }
    return NULL;
}

/* Plausible when requests of one client share a record. */
static void share_arg(struct mq_client *client, void *arg)
{
    for (size_t i = 0; i < MQ_REQUESTS_MAX; i++)
        client->requests[i].arg = arg;
}

static void begin(struct mq_client *client, struct mq_request *request, enum mq_request_kind kind, const struct mq_asker *asker)
{
    memset(request, 0, sizeof *request);
    request->event = (struct mq_event){ .client = client, .kind = MQ_EVENT_REQUEST };
    request->used = true;
    request->kind = kind;
    request->order = ++client->last_order;
    request->mark = UINT64_MAX;
    request->deadline_ms = mq_engine_now_ms() + client->info.request_ms;
    request->pointer = asker->pointer;
    request->cb = asker->cb;
    request->arg = asker->arg;
    if (mq_defect(MQ_DEFECT_REQUEST_ARG_SHARED))
        share_arg(client, asker->arg);
}

static bool is_forgotten(const struct mq_request *request)
{
    return mq_defect(MQ_DEFECT_PUBLISH_CALLBACK_LOST) && request->kind == MQ_REQUEST_PUBLISH && request->qos > 0;
}

static bool was_called_back_by_caller(const struct mq_request *request)
{
    return mq_defect(MQ_DEFECT_CALLBACK_FROM_CALLER) && request->kind == MQ_REQUEST_PUBLISH && request->qos == 0;
}

/* The outcome of a request is known; its slot is free once the application is being told. */
static void finish(struct mq_request *request, int status)
{
    request->done = true;
    if (request->cb == NULL || is_forgotten(request) || was_called_back_by_caller(request))
        request->used = false;
    else
        mq_events_post(&request->event, mq_defect(MQ_DEFECT_ERR_UNLISTED) && status != 0 ? 1000 : mq_connection_err(status));
}

static void finish_later(struct mq_request *request, int status, int64_t due_ms)
{
    request->answered = true;
    request->answer = status;
    request->deadline_ms = due_ms;
}

static size_t encoded_bound(size_t text, size_t payload)
{
    return MQ_HEADER_MAX + 2 + text + 2 + payload;
}

/* Keeps the encoded packet until it is acknowledged. */
static struct mq_message *keep(struct mq_client *client, const struct mq_publish *publish)
{
    struct mq_bytes frame = { 0 };
    struct mq_message *message = NULL;
    if (mq_encode_publish(&frame, publish))
        message = mq_session_keep(&client->session, publish->id, publish->qos, &frame);
    mq_bytes_free(&frame);
    return message;
}

static int send_acknowledged(struct mq_client *client, struct mq_publish *publish)
{
    if (!mq_session_has_room(&client->session, (size_t)mq_option(MQ_OPT_SESSION_MAX), client->info.clean_session))
        return too_many();
    publish->id = mq_session_take_id(&client->session);
    if (publish->id == 0)
        return too_many();
    struct mq_message *message = keep(client, publish);
    if (message == NULL) {
        mq_session_free_id(&client->session, publish->id);
        return MQTTCLIENT_OUT_OF_MEM;
    }
    mq_outbox_frame(client, message, false);
    return MQTTCLIENT_SUCCESS;
}

static bool waits_for_ack(const struct mq_client *client)
{
    return client->session.unacknowledged != NULL || client->session.released != NULL;
}

static int send_unacknowledged(struct mq_client *client, const struct mq_publish *publish)
{
    if (mq_defect(MQ_DEFECT_QOS0_DROPPED_BESIDE_PENDING) && waits_for_ack(client))
        return MQTTCLIENT_SUCCESS;
    mq_outbox_publish(client, publish);
    if (mq_defect(MQ_DEFECT_QOS0_SENT_TWICE))
        mq_outbox_publish(client, publish);
    return MQTTCLIENT_SUCCESS;
}

int mq_request_publish(struct mq_client *client, struct mq_publish *publish, const struct mq_asker *asker)
{
    struct mq_request *request = find_free(client);
    if (request == NULL)
        return too_many();
    if (!mq_outbox_has_room(client, encoded_bound(strlen(publish->topic), publish->length)))
        return MQTTCLIENT_SEND_PKT_FAIL;
    if (2 + strlen(publish->topic) + (publish->qos > 0 ? 2u : 0u) + publish->length > (size_t)mq_option(MQ_OPT_PUBLISH_MAX))
        return MQTTCLIENT_INVALID_PARAM;
    if (mq_defect(MQ_DEFECT_TOPIC_BUFFER_SHARED))
        (void)mq_topic_stage((const uint8_t *)publish->topic, strlen(publish->topic));
    int result = publish->qos > 0 ? send_acknowledged(client, publish) : send_unacknowledged(client, publish);
    if (result != MQTTCLIENT_SUCCESS)
        return result;
    begin(client, request, MQ_REQUEST_PUBLISH, asker);
    request->qos = publish->qos;
    request->id = publish->id;
    request->retries_left = publish->qos > 0 ? client->info.retries : 0;
    if (publish->qos == 0 || mq_defect(MQ_DEFECT_SUCCESS_BEFORE_ACK))
        request->mark = client->queued;
    mq_engine_wake();
    return MQTTCLIENT_WOUNDBLOCK;
}

int mq_request_subscription(struct mq_client *client, bool subscribe, const char *filter, uint8_t qos, const struct mq_asker *asker)
{
    struct mq_request *request = find_free(client);
    if (request == NULL && mq_defect(MQ_DEFECT_REFUSED_SUBSCRIBE_SENT))
        mq_outbox_subscription(client, subscribe, mq_session_take_id(&client->session), filter, qos);
    if (request == NULL)
        return too_many();
    if (!mq_outbox_has_room(client, encoded_bound(strlen(filter), 1)))
        return MQTTCLIENT_SEND_PKT_FAIL;
    uint16_t id = mq_session_take_id(&client->session);
    if (id == 0)
        return too_many();
    mq_outbox_subscription(client, subscribe, mq_defect(MQ_DEFECT_SUBSCRIBE_ID_ZERO) ? 0 : id, filter, qos);
    begin(client, request, subscribe ? MQ_REQUEST_SUBSCRIBE : MQ_REQUEST_UNSUBSCRIBE, asker);
    request->id = id;
    mq_engine_wake();
    return MQTTCLIENT_WOUNDBLOCK;
}

static void finish_publish(struct mq_client *client, uint16_t id)
{
    struct mq_request *request = find_waiting(client, MQ_REQUEST_PUBLISH, id);
    if (request != NULL)
        finish(request, MQTT_CONNECT_ACCEPTED);
}

/* What a record that is over and was not wiped makes possible. */
static void tell_again(struct mq_client *client, uint16_t id)
{
    for (size_t i = 0; i < MQ_REQUESTS_MAX; i++) {
        struct mq_request *request = &client->requests[i];
        if (!request->used && request->done && !request->event.queued && request->id == id)
            finish(request, MQTT_CONNECT_ACCEPTED);
    }
}

static void on_puback(struct mq_client *client, uint16_t id)
{
    struct mq_message *message = mq_session_find(&client->session, id);
    if (message == NULL && mq_defect(MQ_DEFECT_LATE_ACK_TOLD))
        tell_again(client, id);
    bool right_qos = message != NULL && message->qos == 1;
    if (right_qos || (message != NULL && mq_defect(MQ_DEFECT_ACK_TYPE_UNCHECKED)))
        mq_session_complete(&client->session, message);
    if (right_qos || mq_defect(MQ_DEFECT_ACK_TYPE_UNCHECKED))
        finish_publish(client, id);
}

static void on_pubrec(struct mq_client *client, uint16_t id)
{
    struct mq_message *message = mq_session_find(&client->session, id);
    if (message != NULL && message->qos != 2)
        return;
    if (message == NULL && mq_option(MQ_OPT_UNKNOWN_PUBREC) == UNKNOWN_PUBREC_IGNORE)
        return;
    if (message != NULL)
        mq_session_release(&client->session, message);
    if (!mq_defect(MQ_DEFECT_PUBREL_MISSING))
        mq_outbox_ack(client, MQ_PUBREL, id);
    if (mq_defect(MQ_DEFECT_QOS2_DONE_AT_PUBREC))
        finish_publish(client, id);
}

static void on_pubcomp(struct mq_client *client, uint16_t id)
{
    struct mq_message *message = mq_session_find(&client->session, id);
    if (message == NULL || !message->released)
        return;
    mq_session_complete(&client->session, message);
    finish_publish(client, id);
}

static int suback_status(uint8_t code)
{
    if (code <= 2 || mq_defect(MQ_DEFECT_SUBACK_FAILURE_IGNORED))
        return MQTT_CONNECT_ACCEPTED;
    return mq_option(MQ_OPT_SUBACK_ERR) == SUBACK_ERR_SERVER ? MQTT_CONNECT_REFUSED_SERVER : MQTT_CONNECT_REFUSED_NOT_AUTHORIZED;
}

static bool has_owner(struct mq_client *client, uint16_t id)
{
    return mq_session_find(&client->session, id) != NULL || find_waiting(client, MQ_REQUEST_SUBSCRIBE, id) != NULL ||
           find_waiting(client, MQ_REQUEST_UNSUBSCRIBE, id) != NULL;
}

static void on_subscription_answer(struct mq_client *client, enum mq_request_kind kind, const struct mq_packet *packet)
{
    struct mq_request *request = find_waiting(client, kind, packet->id);
    /* An id that nobody owns any more was kept from use until its late answer. */
    if (request != NULL || !has_owner(client, packet->id))
        mq_session_free_id(&client->session, packet->id);
    if (request == NULL)
        return;
    if (kind == MQ_REQUEST_SUBSCRIBE && mq_option(MQ_OPT_SUBACK_LAG_MS) > 0)
        finish_later(request, suback_status(packet->code), mq_engine_now_ms() + mq_option(MQ_OPT_SUBACK_LAG_MS));
    else
        finish(request, kind == MQ_REQUEST_SUBSCRIBE ? suback_status(packet->code) : MQTT_CONNECT_ACCEPTED);
}

/* For a client that looks at the id alone. */
static bool finish_any(struct mq_client *client, const struct mq_packet *packet)
{
    if (mq_option(MQ_OPT_ACKS) == ACKS_BY_TYPE || packet->type == MQ_PUBREC)
        return false;
    for (size_t i = 0; i < MQ_REQUESTS_MAX; i++) {
        struct mq_request *request = &client->requests[i];
        if (!request->used || request->done || request->id != packet->id)
            continue;
        struct mq_message *message = mq_session_find(&client->session, packet->id);
        if (message != NULL)
            mq_session_complete(&client->session, message);
        else
            mq_session_free_id(&client->session, packet->id);
        finish(request, packet->type == MQ_SUBACK ? suback_status(packet->code) : MQTT_CONNECT_ACCEPTED);
        return true;
    }
    return false;
}

void mq_requests_answered(struct mq_client *client, const struct mq_packet *packet)
{
    if (finish_any(client, packet))
        return;
    switch (packet->type) {
    case MQ_PUBACK:
        on_puback(client, packet->id);
        break;
    case MQ_PUBREC:
        on_pubrec(client, packet->id);
        break;
    case MQ_PUBCOMP:
        on_pubcomp(client, packet->id);
        break;
    case MQ_SUBACK:
        on_subscription_answer(client, MQ_REQUEST_SUBSCRIBE, packet);
        break;
    case MQ_UNSUBACK:
        on_subscription_answer(client, MQ_REQUEST_UNSUBSCRIBE, packet);
        break;
    default:
        break;
    }
}

/* The waiting request after `order`, in the order in which they were made; 0 for the first. */
static struct mq_request *next_waiting(struct mq_client *client, uint64_t order)
{
    struct mq_request *next = NULL;
    for (size_t i = 0; i < MQ_REQUESTS_MAX; i++) {
        struct mq_request *request = &client->requests[i];
        if (request->used && !request->done && request->order > order && (next == NULL || request->order < next->order))
            next = request;
    }
    return next;
}

void mq_requests_sent(struct mq_client *client)
{
    for (struct mq_request *request = next_waiting(client, 0); request != NULL; request = next_waiting(client, request->order))
        if (request->mark <= client->sent)
            finish(request, MQTT_CONNECT_ACCEPTED);
}

/* What a resend does that builds a packet anew instead of keeping it. */
static void take_new_id(struct mq_client *client, struct mq_message *message)
{
    struct mq_request *request = find_waiting(client, MQ_REQUEST_PUBLISH, message->id);
    uint8_t *frame = mq_bytes_first(&message->frame);
    size_t topic = 1;
    while ((frame[topic] & 0x80) != 0)
        topic++;
    topic++;
    message->id = mq_session_take_id(&client->session);
    size_t id = topic + 2 + (size_t)(frame[topic] << 8 | frame[topic + 1]);
    frame[id] = (uint8_t)(message->id >> 8);
    frame[id + 1] = (uint8_t)message->id;
    if (request != NULL)
        request->id = message->id;
}

static void send_again(struct mq_client *client, struct mq_message *message)
{
    if (!message->released && mq_defect(MQ_DEFECT_RESEND_WITH_NEW_ID))
        take_new_id(client, message);
    if (message->released && !mq_defect(MQ_DEFECT_PUBLISH_RESENT_AFTER_PUBREC))
        mq_outbox_ack(client, MQ_PUBREL, message->id);
    else
        mq_outbox_frame(client, message, true);
}

static void time_out(struct mq_client *client, struct mq_request *request, int64_t now_ms)
{
    if (request->answered) {
        finish(request, request->answer);
        return;
    }
    struct mq_message *message = request->qos > 0 ? mq_session_find(&client->session, request->id) : NULL;
    if (message != NULL && request->retries_left > 0) {
        request->retries_left -= mq_defect(MQ_DEFECT_RESEND_WITHOUT_END) ? 0 : 1;
        request->deadline_ms = now_ms + client->info.request_ms;
        send_again(client, message);
        return;
    }
    if (message != NULL)
        message->awaited = false; /* it stays unacknowledged, and its id in use */
    finish(request, mq_defect(MQ_DEFECT_TIMEOUT_TOLD_AS_SUCCESS) ? MQTT_CONNECT_ACCEPTED : MQTT_CONNECT_TIMEOUT);
}

void mq_requests_tick(struct mq_client *client, int64_t now_ms)
{
    if (mq_defect(MQ_DEFECT_REQUEST_TIMEOUT_MISSING))
        return;
    for (struct mq_request *request = next_waiting(client, 0); request != NULL; request = next_waiting(client, request->order))
        if (now_ms >= request->deadline_ms)
            time_out(client, request, now_ms);
}

int64_t mq_requests_due_ms(const struct mq_client *client)
{
    int64_t due = INT64_MAX;
    for (size_t i = 0; i < MQ_REQUESTS_MAX; i++) {
        const struct mq_request *request = &client->requests[i];
        if (request->used && !request->done && request->deadline_ms < due && !mq_defect(MQ_DEFECT_REQUEST_TIMEOUT_MISSING))
            due = request->deadline_ms;
    }
    return due;
}

void mq_requests_resume(struct mq_client *client)
{
    for (struct mq_message *message = client->session.released; message != NULL; message = message->next)
        send_again(client, message);
    for (struct mq_message *message = client->session.unacknowledged; message != NULL; message = message->next)
        send_again(client, message);
}

void mq_requests_fail(struct mq_client *client, int status, bool silent)
{
    for (struct mq_request *request = next_waiting(client, 0); request != NULL; request = next_waiting(client, request->order)) {
        if (silent)
            request->used = false;
        else
            finish(request, status);
    }
}
