#include "outbox.h"

#include "connection.h"
#include "defects.h"
#include "options.h"

bool mq_outbox_has_room(const struct mq_client *client, size_t length)
{
    return mq_bytes_length(&client->tx) + length <= (size_t)mq_option(MQ_OPT_TX_MAX);
}

static void account(struct mq_client *client, bool queued, size_t before)
{
    if (queued)
        client->queued += mq_bytes_length(&client->tx) - before;
    else
        mq_connection_lose(client, MQTT_CONNECT_OUT_OF_MEMORY);
}

void mq_outbox_connect(struct mq_client *client)
{
    size_t before = mq_bytes_length(&client->tx);
    account(client, mq_encode_connect(&client->tx, &client->info, client->level), before);
}

void mq_outbox_publish(struct mq_client *client, const struct mq_publish *publish)
{
    size_t before = mq_bytes_length(&client->tx);
    account(client, mq_encode_publish(&client->tx, publish), before);
}

void mq_outbox_subscription(struct mq_client *client, bool subscribe, uint16_t id, const char *filter, uint8_t qos)
{
    size_t before = mq_bytes_length(&client->tx);
    bool queued = subscribe ? mq_encode_subscribe(&client->tx, id, filter, qos) : mq_encode_unsubscribe(&client->tx, id, filter);
    account(client, queued, before);
}

void mq_outbox_ack(struct mq_client *client, enum mq_packet_type type, uint16_t id)
{
    size_t before = mq_bytes_length(&client->tx);
    account(client, mq_encode_ack(&client->tx, type, id), before);
}

void mq_outbox_bare(struct mq_client *client, enum mq_packet_type type)
{
    size_t before = mq_bytes_length(&client->tx);
    account(client, mq_encode_bare(&client->tx, type), before);
}

void mq_outbox_frame(struct mq_client *client, struct mq_message *message, bool again)
{
    size_t before = mq_bytes_length(&client->tx);
    uint8_t *first = mq_bytes_first(&message->frame);
    if (again && !mq_defect(MQ_DEFECT_RESEND_WITHOUT_DUP))
        *first |= MQ_FLAG_DUP;
    account(client, mq_bytes_put(&client->tx, first, mq_bytes_length(&message->frame)), before);
}
