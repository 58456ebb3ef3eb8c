#define _POSIX_C_SOURCE 200809L
#include "connection.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "decode.h"
#include "defects.h"
#include "engine.h"
#include "inbound.h"
#include "keepalive.h"
#include "options.h"
#include "outbox.h"
#include "qlv_network.h"
#include "request.h"

#define READ_SIZE 16384
#define READS_AT_ONCE 16
#define LATE_RELEASE_MS 100
#define PROFILE_MASK 31 /* a cid is sim << 5 | profile */

static int64_t from_now(enum mq_option ms)
{
    return mq_engine_now_ms() + mq_option(ms);
}

/* ERR_OK, ERR_TIMEOUT and ERR_ABRT of lwIP. */
static int lwip_err(int status)
{
    if (status == MQTT_CONNECT_ACCEPTED)
        return 0;
    return status == MQTT_CONNECT_TIMEOUT ? -3 : -13;
}

int mq_connection_err(int status)
{
    if (mq_option(MQ_OPT_REQUEST_ERR) == REQUEST_ERR_LWIP)
        return lwip_err(status);
    if (mq_option(MQ_OPT_ERR_ENUM) == ERR_ENUM_STATUS)
        return status;
    switch (status) {
    case MQTT_CONNECT_ACCEPTED:
        return MQTTCLIENT_SUCCESS;
    case MQTT_CONNECT_TIMEOUT:
        return MQTTCLIENT_TIMEOUT;
    case MQTT_CONNECT_OUT_OF_MEMORY:
        return MQTTCLIENT_OUT_OF_MEM;
    case MQTT_CONNECT_DISCONNECTED:
        return MQTTCLIENT_NOT_CONNECT;
    default:
        return MQTTCLIENT_BAD_REQUEST;
    }
}

void mq_connection_start(struct mq_client *client)
{
    client->state = MQ_STATE_STARTING;
    client->lost = 0;
    client->deadline_ms = from_now(MQ_OPT_TCP_MS);
    mq_engine_wake();
}

void mq_connection_leave(struct mq_client *client)
{
    client->state = MQ_STATE_LEAVING;
    client->deadline_ms = from_now(MQ_OPT_CLOSE_MS);
    if (!mq_defect(MQ_DEFECT_DISCONNECT_PACKET_MISSING))
        mq_outbox_bare(client, MQ_DISCONNECT);
    if (mq_defect(MQ_DEFECT_PACKET_AFTER_DISCONNECT))
        mq_outbox_bare(client, MQ_PINGREQ);
    mq_engine_wake();
}

void mq_connection_lose(struct mq_client *client, int status)
{
    if (client->lost == 0)
        client->lost = status;
}

/* CONNECT went out, so that the session is the one that it asked for. */
static bool had_session(const struct mq_client *client)
{
    return client->state == MQ_STATE_GREETING || client->state == MQ_STATE_UP || client->state == MQ_STATE_LEAVING;
}

/* Frees what the connection alone needed. The session stays if it is one that stays. */
static void tear_down(struct mq_client *client, enum mq_ending ending)
{
    if (mq_defect(MQ_DEFECT_SOCKET_LEAKED) && client->state == MQ_STATE_GREETING)
        client->link.fd = -1;
    mq_link_close(&client->link, ending, mq_engine_now_ms(), mq_option(MQ_OPT_CLOSE_MS));
    if (!mq_defect(MQ_DEFECT_RECEIVE_BUFFER_LEAKED))
        mq_bytes_free(&client->rx);
    client->rx = (struct mq_bytes){ 0 };
    mq_bytes_free(&client->tx);
    if (had_session(client) && client->info.clean_session && !mq_defect(MQ_DEFECT_CLEAN_SESSION_RESENT))
        mq_session_discard(&client->session);
    else
        mq_session_suspend(&client->session);
    /* Whoever means to connect again by itself keeps what to connect with. */
    if (client->state != MQ_STATE_UP || !mq_defect(MQ_DEFECT_RECONNECTS_BY_ITSELF))
        mq_info_free(&client->info);
    client->state = MQ_STATE_OVER;
    client->announced = false;
    client->lost = 0;
    client->queued = client->sent = 0;
    client->ping_deadline_ms = 0;
    client->deadline_ms = INT64_MAX;
}

static void tell_loss(struct mq_client *client, int status)
{
    if (mq_defect(MQ_DEFECT_CONNECT_CALLBACK_AT_LOSS))
        mq_events_post(&client->connection, MQTT_CONNECT_DISCONNECTED);
    bool silent = mq_option(MQ_OPT_PENDING_AT_LOSS) == PENDING_SILENT || mq_defect(MQ_DEFECT_PENDING_DROPPED_AT_LOSS);
    bool requests_first = mq_option(MQ_OPT_LOSS_ORDER) == LOSS_REQUESTS_FIRST;
    if (requests_first)
        mq_requests_fail(client, status, silent);
    if (mq_defect(MQ_DEFECT_EXCEPTION_MISSING))
        client->state = MQ_STATE_IDLE;
    else
        mq_events_post(&client->exception, 0);
    if (!requests_first)
        mq_requests_fail(client, status, silent);
}

static void tell_leave(struct mq_client *client, int status)
{
    mq_requests_fail(client, MQTT_CONNECT_DISCONNECTED, mq_option(MQ_OPT_PENDING_AT_DISCONNECT) == PENDING_SILENT);
    if (mq_option(MQ_OPT_EXCEPTION_AFTER_DISCONNECT) == YES || mq_defect(MQ_DEFECT_EXCEPTION_AFTER_DISCONNECT))
        mq_events_post(&client->exception, 0);
    if (mq_defect(MQ_DEFECT_DISCONNECT_CALLBACK_LOST) || mq_option(MQ_OPT_DISCONNECT_TOLD) == DISCONNECT_UNTOLD)
        client->state = MQ_STATE_IDLE;
    else
        mq_events_post(&client->disconnection, mq_connection_err(status));
}

static void tell_failure(struct mq_client *client, int status)
{
    if (mq_defect(MQ_DEFECT_REFUSAL_UNTOLD) && status >= 1 && status <= 5)
        client->state = MQ_STATE_IDLE;
    else
        mq_events_post(&client->connection, status);
    if (mq_defect(MQ_DEFECT_EXCEPTION_AFTER_REFUSAL))
        mq_events_post(&client->exception, 0);
}

/* The connection is over: closes it and tells whom it concerns. */
static void end(struct mq_client *client, int status)
{
    enum mq_state state = client->state;
    if (mq_defect(MQ_DEFECT_EXCEPTION_AFTER_TLS_DISCONNECT) && state == MQ_STATE_LEAVING && client->info.tls)
        mq_events_post(&client->exception, 0);
    tear_down(client, MQ_ENDING_GRACEFUL);
    if (state == MQ_STATE_UP)
        tell_loss(client, status);
    else if (state == MQ_STATE_LEAVING)
        tell_leave(client, status);
    else
        tell_failure(client, status);
}

/* One try, since nobody will be there for a second. */
static void say_disconnect(struct mq_client *client)
{
    mq_outbox_bare(client, MQ_DISCONNECT);
    while (mq_bytes_length(&client->tx) > 0) {
        int sent = mq_link_send(&client->link, mq_bytes_first(&client->tx), mq_bytes_length(&client->tx));
        if (sent <= 0)
            return;
        mq_bytes_take(&client->tx, (size_t)sent);
    }
}

void mq_connection_abandon(struct mq_client *client, bool silent)
{
    enum mq_state state = client->state;
    int says = mq_option(MQ_OPT_DEINIT_SAYS);
    if (state == MQ_STATE_IDLE || state == MQ_STATE_OVER)
        return;
    if (state == MQ_STATE_UP && client->lost == 0 && says == DEINIT_SAYS_DISCONNECT)
        say_disconnect(client);
    tear_down(client, says == DEINIT_SAYS_RST ? MQ_ENDING_RESET : MQ_ENDING_GRACEFUL);
    mq_requests_fail(client, MQTT_CONNECT_DISCONNECTED, silent);
    if (silent || state == MQ_STATE_UP)
        return;
    if (state == MQ_STATE_LEAVING)
        mq_events_post(&client->disconnection, mq_connection_err(MQTT_CONNECT_DISCONNECTED));
    else
        mq_events_post(&client->connection, MQTT_CONNECT_DISCONNECTED);
}

void mq_connection_abandon_later(struct mq_client *client)
{
    client->deadline_ms = mq_engine_now_ms() + LATE_RELEASE_MS;
}

static void abandon_at_last(struct mq_client *client, int64_t now_ms)
{
    if (now_ms < client->deadline_ms)
        return;
    mq_connection_abandon(client, false);
    if (client->under_way == 0)
        mq_client_free(client);
}

/* The application is slower than the server, or the server does not read what we answer. */
static bool is_throttled(const struct mq_client *client)
{
    return client->under_way >= (size_t)mq_option(MQ_OPT_DELIVERY_MAX) ||
           mq_bytes_length(&client->tx) > (size_t)mq_option(MQ_OPT_TX_MAX) / 2;
}

static void flush(struct mq_client *client)
{
    while (client->lost == 0 && mq_bytes_length(&client->tx) > 0) {
        int sent = mq_link_send(&client->link, mq_bytes_first(&client->tx), mq_bytes_length(&client->tx));
        if (sent == 0)
            break;
        if (sent < 0) {
            mq_connection_lose(client, MQTT_CONNECT_DISCONNECTED);
            break;
        }
        mq_bytes_take(&client->tx, (size_t)sent);
        client->sent += (uint64_t)sent;
        client->last_sent_ms = mq_engine_now_ms();
    }
    mq_requests_sent(client);
}

/* What a count does that is one short for each packet that was put together. */
static void lose_last_byte(struct mq_client *client, struct mq_packet *packet)
{
    client->is_in_pieces = false;
    if (packet->payload_length > 0)
        packet->payload_length--;
}

/* Takes whole packets from the receive buffer. */
static void parse(struct mq_client *client)
{
    while (client->lost == 0 && !is_throttled(client)) {
        size_t header = 0;
        size_t size = 0;
        struct mq_packet packet;
        const uint8_t *bytes = mq_bytes_length(&client->rx) > 0 ? mq_bytes_first(&client->rx) : NULL;
        enum mq_frame frame = mq_frame_find(bytes, mq_bytes_length(&client->rx), client->rx_max, &header, &size);
        if (frame == MQ_FRAME_PARTIAL)
            return;
        if (frame == MQ_FRAME_BAD || !mq_decode(bytes, header, size, &packet)) {
            mq_connection_lose(client, MQTT_CONNECT_DISCONNECTED);
            return;
        }
        if (mq_defect(MQ_DEFECT_MESSAGE_IN_PIECES_CUT) && client->is_in_pieces)
            lose_last_byte(client, &packet);
        mq_inbound(client, &packet);
        mq_bytes_take(&client->rx, size);
        if (mq_defect(MQ_DEFECT_MESSAGE_LOST_IN_SEGMENT) && packet.type == MQ_PUBLISH)
            mq_bytes_take(&client->rx, mq_bytes_length(&client->rx));
    }
}

/* What a client does that takes the end of the connection for the end of the packet. */
static void parse_half(struct mq_client *client)
{
    size_t header = 0;
    size_t size = 0;
    struct mq_packet packet;
    size_t length = mq_bytes_length(&client->rx);
    const uint8_t *bytes = length > 0 ? mq_bytes_first(&client->rx) : NULL;
    enum mq_frame frame = mq_frame_find(bytes, length, client->rx_max, &header, &size);
    if (frame == MQ_FRAME_PARTIAL && header > 0 && mq_decode(bytes, header, length, &packet))
        mq_inbound(client, &packet);
}

static void receive(struct mq_client *client)
{
    client->is_behind = true;
    parse(client);
    for (int reads = 0; reads < READS_AT_ONCE && client->lost == 0 && !is_throttled(client); reads++) {
        uint8_t *room = mq_bytes_reserve(&client->rx, READ_SIZE);
        int got = room == NULL ? -1 : mq_link_receive(&client->link, room, READ_SIZE);
        if (got == 0) {
            client->is_behind = false;
            return;
        }
        if (got < 0 && mq_defect(MQ_DEFECT_HALF_MESSAGE_BROUGHT))
            parse_half(client);
        if (got < 0) {
            mq_connection_lose(client, MQTT_CONNECT_DISCONNECTED);
            return;
        }
        if (mq_defect(MQ_DEFECT_MESSAGE_IN_PIECES_CUT) && mq_bytes_length(&client->rx) > 0)
            client->is_in_pieces = true;
        mq_bytes_added(&client->rx, (size_t)got);
        parse(client);
    }
}

static void converse(struct mq_client *client)
{
    flush(client);
    if (client->lost == 0)
        receive(client);
    if (mq_defect(MQ_DEFECT_ACKS_NEWEST_FIRST))
        mq_inbound_segment_end(client);
    flush(client);
}

/* Another client's session is none of ours, and a clean one starts from nothing [MQTT-3.1.2-6]. */
static void choose_session(struct mq_client *client)
{
    bool same = client->session_owner != NULL && strcmp(client->session_owner, client->info.client_id) == 0;
    if (!same || (client->info.clean_session && !mq_defect(MQ_DEFECT_CLEAN_SESSION_RESENT)))
        mq_session_discard(&client->session);
    if (same)
        return;
    free(client->session_owner);
    client->session_owner = strdup(client->info.client_id);
}

static void greet(struct mq_client *client)
{
    choose_session(client);
    client->state = MQ_STATE_GREETING;
    client->deadline_ms = mq_defect(MQ_DEFECT_CONNACK_TIMEOUT_MISSING) ? INT64_MAX : from_now(MQ_OPT_CONNACK_MS);
    client->last_sent_ms = mq_engine_now_ms();
    mq_outbox_connect(client);
    converse(client);
}

static int failed_handshake_status(void)
{
    return mq_option(MQ_OPT_TLS_STATUS) == TLS_STATUS_TCP ? MQTT_CONNECT_TCP_CONNECTED_FAILURE : MQTT_CONNECT_DISCONNECTED;
}

static void secure(struct mq_client *client)
{
    enum mq_step step = mq_link_secure(&client->link);
    if (step == MQ_STEP_DONE)
        greet(client);
    else if (step == MQ_STEP_FAILED)
        mq_connection_lose(client, failed_handshake_status());
}

static void reach(struct mq_client *client)
{
    enum mq_step step = mq_link_reach(&client->link);
    if (step == MQ_STEP_FAILED)
        mq_connection_lose(client, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
    if (step != MQ_STEP_DONE)
        return;
    if (!client->info.tls) {
        greet(client);
        return;
    }
    client->state = MQ_STATE_SECURING;
    client->deadline_ms = mq_defect(MQ_DEFECT_HANDSHAKE_UNBOUNDED) ? INT64_MAX : mq_engine_now_ms() + client->info.ssl.timeout_ms;
    secure(client);
}

static bool has_network(const struct mq_client *client)
{
    return mq_option(MQ_OPT_DATA_CALL) == DATA_CALL_IGNORED || qlv_data_call_is_up(client->cid);
}

static void begin(struct mq_client *client)
{
    client->state = MQ_STATE_REACHING;
    bool opened = has_network(client) && mq_link_open(&client->link, &client->info, mq_engine_wake);
    if (!opened && client->info.tls && mq_defect(MQ_DEFECT_TLS_GIVEN_UP)) {
        client->info.tls = false;
        opened = mq_link_open(&client->link, &client->info, mq_engine_wake);
    }
    if (opened)
        reach(client);
    else
        mq_connection_lose(client, MQTT_CONNECT_TCP_CONNECTED_FAILURE);
}

static void leave(struct mq_client *client)
{
    flush(client);
    if (client->lost == 0 && mq_bytes_length(&client->tx) == 0)
        end(client, MQTT_CONNECT_ACCEPTED);
}

static void advance(struct mq_client *client)
{
    switch (client->state) {
    case MQ_STATE_STARTING:
        begin(client);
        break;
    case MQ_STATE_REACHING:
        reach(client);
        break;
    case MQ_STATE_SECURING:
        secure(client);
        break;
    case MQ_STATE_GREETING:
    case MQ_STATE_UP:
        converse(client);
        break;
    case MQ_STATE_LEAVING:
        leave(client);
        break;
    case MQ_STATE_IDLE:
    case MQ_STATE_OVER:
        break;
    }
}

static void check_time(struct mq_client *client, int64_t now_ms)
{
    bool is_reaching = client->state == MQ_STATE_REACHING;
    if (now_ms >= client->deadline_ms)
        mq_connection_lose(client, is_reaching ? MQTT_CONNECT_TCP_CONNECTED_FAILURE : MQTT_CONNECT_TIMEOUT);
    if (client->state != MQ_STATE_UP || client->lost != 0)
        return;
    mq_requests_tick(client, now_ms);
    mq_keepalive_tick(client, now_ms);
    flush(client);
}

void mq_connections_lose_network(int profile)
{
    if (mq_defect(MQ_DEFECT_DATA_CALL_LOSS_UNSEEN))
        return;
    mq_engine_lock();
    for (size_t i = 0; i < MQ_CLIENTS_MAX; i++) {
        struct mq_client *client = mq_client_at(i);
        bool has_connection = client->used && client->state != MQ_STATE_IDLE && client->state != MQ_STATE_OVER;
        if (has_connection && (client->cid & PROFILE_MASK) == profile && mq_option(MQ_OPT_DATA_CALL) == DATA_CALL_WATCHED)
            mq_connection_lose(client, MQTT_CONNECT_DISCONNECTED);
    }
    mq_engine_unlock();
    mq_engine_wake();
}

void mq_connection_serve(struct mq_client *client, int64_t now_ms)
{
    if (client->releasing) {
        if (mq_defect(MQ_DEFECT_CALLBACK_AFTER_DEINIT))
            abandon_at_last(client, now_ms);
        return;
    }
    if (client->lost == 0)
        advance(client);
    if (client->lost == 0)
        check_time(client, now_ms);
    if (client->lost != 0 && client->under_way == 0)
        end(client, client->lost);
}

void mq_connection_accept(struct mq_client *client, bool session_present)
{
    client->state = MQ_STATE_UP;
    client->deadline_ms = INT64_MAX;
    if (!session_present && !mq_defect(MQ_DEFECT_CLEAN_SESSION_RESENT))
        mq_session_discard(&client->session);
    mq_events_post(&client->connection, MQTT_CONNECT_ACCEPTED);
    if (!mq_defect(MQ_DEFECT_SESSION_NOT_RESUMED))
        mq_requests_resume(client);
}

short mq_connection_interest(const struct mq_client *client)
{
    if (client->releasing || client->lost != 0 || client->link.fd < 0)
        return 0;
    short to_send = mq_bytes_length(&client->tx) > 0 ? POLLOUT : 0;
    switch (client->state) {
    case MQ_STATE_REACHING:
        return POLLOUT;
    case MQ_STATE_SECURING:
        return mq_tls_wants_write(client->link.tls) ? POLLOUT : POLLIN;
    case MQ_STATE_GREETING:
    case MQ_STATE_UP:
        return (short)(to_send | (is_throttled(client) ? 0 : POLLIN));
    default:
        return to_send;
    }
}

static int64_t sooner(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t mq_connection_due_ms(struct mq_client *client)
{
    if (client->releasing)
        return mq_defect(MQ_DEFECT_CALLBACK_AFTER_DEINIT) && client->under_way == 0 ? client->deadline_ms : INT64_MAX;
    if (client->lost != 0)
        return client->under_way == 0 ? 0 : INT64_MAX;
    if (client->state == MQ_STATE_STARTING)
        return 0;
    if (client->state != MQ_STATE_UP)
        return client->deadline_ms;
    if (mq_link_has_pending(&client->link) && !is_throttled(client))
        return 0;
    return sooner(mq_requests_due_ms(client), mq_keepalive_due_ms(client));
}

void mq_connection_told(struct mq_client *client, int status)
{
    if (status == MQTT_CONNECT_ACCEPTED)
        client->announced = client->announced_once = client->state == MQ_STATE_UP;
    else
        mq_connection_told_end(client);
}

void mq_connection_told_end(struct mq_client *client)
{
    bool was_up = client->announced_once;
    client->announced = false;
    if (client->state == MQ_STATE_OVER && !(was_up && mq_defect(MQ_DEFECT_RECONNECT_REFUSED)))
        client->state = MQ_STATE_IDLE;
}

void mq_connection_relieved(struct mq_client *client)
{
    bool was_throttled = is_throttled(client);
    client->under_way--;
    if (was_throttled || ((client->lost != 0 || client->releasing) && client->under_way == 0))
        mq_engine_wake();
}
