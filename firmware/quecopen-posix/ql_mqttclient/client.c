#include "client.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "defects.h"
#include "options.h"

#define LEVEL_311 4

static struct mq_client clients[MQ_CLIENTS_MAX];

static void prepare(struct mq_client *client, size_t index, int cid)
{
    uint32_t generation = client->generation + 1;
    memset(client, 0, sizeof *client);
    client->used = true;
    client->generation = generation;
    /* Never the value of the slot's last client, so that a stale handle is seen as one. */
    client->handle = (mqtt_client_t)(((generation & 0xffffu) - 1) * MQ_CLIENTS_MAX + index + 1);
    client->cid = cid;
    client->deadline_ms = INT64_MAX;
    client->level = LEVEL_311;
    client->rx_max = (size_t)mq_option(MQ_OPT_RX_MAX);
    client->connection = (struct mq_event){ .client = client, .kind = MQ_EVENT_CONNECTION };
    client->exception = (struct mq_event){ .client = client, .kind = MQ_EVENT_EXCEPTION };
    client->disconnection = (struct mq_event){ .client = client, .kind = MQ_EVENT_DISCONNECTION };
    mq_link_init(&client->link);
}

struct mq_client *mq_client_new(int cid)
{
    for (size_t i = 0; i < (size_t)mq_option(MQ_OPT_MAX_CLIENTS); i++)
        if (!clients[i].used) {
            prepare(&clients[i], i, cid);
            return &clients[i];
        }
    return NULL;
}

static bool names(mqtt_client_t handle, const struct mq_client *client, size_t index)
{
    if (mq_defect(MQ_DEFECT_STALE_HANDLE_TAKEN) && handle > 0)
        return (size_t)(handle - 1) % MQ_CLIENTS_MAX == index;
    return client->handle == handle;
}

struct mq_client *mq_client_find(const mqtt_client_t *handle)
{
    for (size_t i = 0; handle != NULL && i < MQ_CLIENTS_MAX; i++)
        if (clients[i].used && !clients[i].releasing && names(*handle, &clients[i], i))
            return &clients[i];
    return NULL;
}

struct mq_client *mq_client_at(size_t index)
{
    return &clients[index];
}

void mq_client_free(struct mq_client *client)
{
    mq_events_purge(client);
    mq_session_discard(&client->session);
    free(client->session_owner);
    mq_bytes_free(&client->tx);
    if (!mq_defect(MQ_DEFECT_RECEIVE_BUFFER_LEAKED))
        mq_bytes_free(&client->rx);
    mq_info_free(&client->info);
    client->used = mq_defect(MQ_DEFECT_SLOT_LEAKED);
    client->releasing = true; /* a used slot that nobody finds is what a leaked one looks like */
}
