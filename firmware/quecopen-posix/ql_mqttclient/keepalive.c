#include "keepalive.h"

#include "connection.h"
#include "defects.h"
#include "engine.h"
#include "options.h"
#include "outbox.h"

#define UNASKED_KEEP_ALIVE_S 2

static int64_t interval_ms(const struct mq_client *client)
{
    int64_t seconds = client->info.keep_alive_s;
    if (seconds == 0 && mq_defect(MQ_DEFECT_PING_AT_ZERO))
        seconds = UNASKED_KEEP_ALIVE_S;
    if (mq_defect(MQ_DEFECT_PING_LATE))
        return seconds * 1500;
    return seconds * 10 * (100 - mq_option(MQ_OPT_PING_LEAD_PERCENT));
}

/* A packet that is still on its way is as good as a PINGREQ. */
static int64_t next_ping_ms(const struct mq_client *client)
{
    int64_t interval = interval_ms(client);
    return interval == 0 || mq_bytes_length(&client->tx) > 0 ? INT64_MAX : client->last_sent_ms + interval;
}

int64_t mq_keepalive_due_ms(const struct mq_client *client)
{
    return client->ping_deadline_ms != 0 ? client->ping_deadline_ms : next_ping_ms(client);
}

/* Never longer than the keep-alive, which would end with nothing sent [MQTT-3.1.2-23]. */
static int64_t wait_for_answer_ms(const struct mq_client *client)
{
    int64_t keep_alive_ms = client->info.keep_alive_s * 1000;
    return keep_alive_ms > 0 && keep_alive_ms < mq_option(MQ_OPT_PING_MS) ? keep_alive_ms : mq_option(MQ_OPT_PING_MS);
}

static void ping(struct mq_client *client, int64_t now_ms)
{
    mq_outbox_bare(client, mq_defect(MQ_DEFECT_PINGRESP_SENT) ? MQ_PINGRESP : MQ_PINGREQ);
    client->last_sent_ms = now_ms;
    if (!mq_defect(MQ_DEFECT_PING_UNSUPERVISED))
        client->ping_deadline_ms = now_ms + wait_for_answer_ms(client);
}

void mq_keepalive_tick(struct mq_client *client, int64_t now_ms)
{
    if (now_ms < mq_keepalive_due_ms(client))
        return;
    if (client->ping_deadline_ms == 0 || client->is_behind)
        ping(client, now_ms); /* the answer to the last one may lie unread: this one decides */
    else
        mq_connection_lose(client, MQTT_CONNECT_TIMEOUT);
}

void mq_keepalive_answered(struct mq_client *client)
{
    if (!mq_defect(MQ_DEFECT_PING_ANSWER_UNSEEN))
        client->ping_deadline_ms = 0;
}

void mq_keepalive_heard(struct mq_client *client)
{
    if (mq_defect(MQ_DEFECT_PING_POSTPONED_BY_INBOUND))
        client->last_sent_ms = mq_engine_now_ms();
}
