#include "inbound.h"

#include <stdlib.h>
#include <string.h>

#include "connection.h"
#include "defects.h"
#include "keepalive.h"
#include "options.h"
#include "outbox.h"
#include "request.h"
#include "topic.h"

#define LAST_CONNACK_CODE 5
#define SHORTENED_MESSAGE 1024
#define SHORTENED_TOPIC 63
#define BUFFERED_MESSAGE 16384

static void on_connack(struct mq_client *client, const struct mq_packet *packet)
{
    bool contradicts =
        packet->session_present && client->info.clean_session && mq_option(MQ_OPT_SP_WITH_CLEAN) == SP_WITH_CLEAN_CLOSE;
    if (client->link.tls != NULL && !mq_tls_peer_is_good(client->link.tls))
        mq_connection_lose(client, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    else if (packet->code > LAST_CONNACK_CODE && !mq_defect(MQ_DEFECT_CONNACK_CODE_RAW))
        mq_connection_lose(client, MQTT_CONNECT_DISCONNECTED); /* as numbers, 254 and 255 would say something else */
    else if (packet->code != 0)
        mq_connection_lose(client, mq_defect(MQ_DEFECT_REFUSAL_CODE_FLATTENED) ? MQTT_CONNECT_REFUSED_SERVER : packet->code);
    else if (contradicts)
        mq_connection_lose(client, MQTT_CONNECT_DISCONNECTED);
    else
        mq_connection_accept(client, packet->session_present);
}

static uint16_t swapped(uint16_t number)
{
    return (uint16_t)(number << 8 | number >> 8);
}

/* Hands a message to the application; it has its own copy, since the receive buffer moves on. */
static void deliver(struct mq_client *client, const struct mq_packet *packet)
{
    size_t length = packet->payload_length;
    size_t topic_length = packet->topic_length;
    if (mq_defect(MQ_DEFECT_MESSAGE_TOPIC_TRUNCATED) && topic_length > SHORTENED_TOPIC)
        topic_length = SHORTENED_TOPIC;
    if (mq_defect(MQ_DEFECT_MESSAGE_TRUNCATED) && length > SHORTENED_MESSAGE)
        length = SHORTENED_MESSAGE;
    if (mq_defect(MQ_DEFECT_LONG_MESSAGE_CUT) && length > BUFFERED_MESSAGE)
        length = BUFFERED_MESSAGE;
    struct mq_message_event *message = malloc(sizeof *message + topic_length + 1 + length);
    if (message == NULL) {
        mq_connection_lose(client, MQTT_CONNECT_OUT_OF_MEMORY);
        return;
    }
    message->event = (struct mq_event){ .client = client, .kind = MQ_EVENT_MESSAGE };
    message->id = mq_defect(MQ_DEFECT_MESSAGE_ID_SWAPPED) ? swapped(packet->id) : packet->id;
    message->length = (uint16_t)length;
    message->topic = message->store;
    message->payload = (unsigned char *)message->store + topic_length + 1;
    memcpy(message->store, packet->topic, topic_length);
    message->store[topic_length] = '\0';
    if (mq_defect(MQ_DEFECT_TOPIC_BUFFER_SHARED))
        message->topic = mq_topic_stage(packet->topic, topic_length);
    if (length > 0)
        memcpy(message->payload, packet->payload, length);
    mq_events_post(&message->event, 0);
}

static void on_publish(struct mq_client *client, const struct mq_packet *packet)
{
    if (packet->qos == 0 && packet->dup && mq_option(MQ_OPT_QOS0_DUP) == QOS0_DUP_CLOSE) {
        mq_connection_lose(client, MQTT_CONNECT_DISCONNECTED);
        return;
    }
    if (packet->topic_length > (size_t)mq_option(MQ_OPT_TOPIC_IN_MAX)) {
        mq_connection_lose(client, MQTT_CONNECT_DISCONNECTED);
        return;
    }
    if (packet->payload_length == 0 && packet->qos == 0 && mq_defect(MQ_DEFECT_EMPTY_MESSAGE_FATAL)) {
        mq_connection_lose(client, MQTT_CONNECT_DISCONNECTED);
        return;
    }
    if (packet->qos < 2 || mq_session_receive(&client->session, packet->id))
        deliver(client, packet);
    if (client->message_cb == NULL && mq_defect(MQ_DEFECT_UNHEARD_MESSAGE_UNACKNOWLEDGED))
        return;
    if (packet->qos == 1 && mq_defect(MQ_DEFECT_ACKS_NEWEST_FIRST) && client->unsaid_count < MQ_UNSAID_MAX) {
        client->unsaid[client->unsaid_count++] = packet->id;
        return;
    }
    if (packet->qos > 0 && !mq_defect(MQ_DEFECT_PUBACK_MISSING))
        mq_outbox_ack(client, packet->qos == 1 ? MQ_PUBACK : MQ_PUBREC, packet->id);
    if (packet->qos == 1 && mq_defect(MQ_DEFECT_PUBACK_TWICE))
        mq_outbox_ack(client, MQ_PUBACK, packet->id);
}

void mq_inbound_segment_end(struct mq_client *client)
{
    while (client->unsaid_count > 0)
        mq_outbox_ack(client, MQ_PUBACK, client->unsaid[--client->unsaid_count]);
}

static void on_pubrel(struct mq_client *client, const struct mq_packet *packet)
{
    mq_session_received(&client->session, packet->id);
    mq_outbox_ack(client, MQ_PUBCOMP, packet->id);
}

void mq_inbound(struct mq_client *client, const struct mq_packet *packet)
{
    bool loose = mq_option(MQ_OPT_FRAMES) == FRAMES_UNCHECKED;
    if (loose && packet->type == MQ_CONNACK && client->state != MQ_STATE_GREETING)
        return;
    bool early = packet->type == MQ_PUBLISH && client->state == MQ_STATE_GREETING && mq_defect(MQ_DEFECT_MESSAGE_BEFORE_SESSION);
    /* CONNACK comes first, and once. */
    if (!loose && !early && (packet->type == MQ_CONNACK) != (client->state == MQ_STATE_GREETING)) {
        mq_connection_lose(client, MQTT_CONNECT_DISCONNECTED);
        return;
    }
    mq_keepalive_heard(client);
    switch (packet->type) {
    case MQ_CONNACK:
        on_connack(client, packet);
        break;
    case MQ_PUBLISH:
        on_publish(client, packet);
        break;
    case MQ_PUBREL:
        on_pubrel(client, packet);
        break;
    case MQ_PINGRESP:
        mq_keepalive_answered(client);
        break;
    default:
        mq_requests_answered(client, packet);
        break;
    }
}
