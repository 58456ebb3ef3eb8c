/* A client: what a handle stands for. */
#ifndef MQ_CLIENT_H
#define MQ_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "events.h"
#include "info.h"
#include "link.h"
#include "ql_mqttclient.h"
#include "session.h"

#define MQ_CLIENTS_MAX 8
#define MQ_REQUESTS_MAX 16
#define MQ_UNSAID_MAX 32

enum mq_state {
    MQ_STATE_IDLE,
    MQ_STATE_STARTING, /* connect has been called */
    MQ_STATE_REACHING, /* name lookup and TCP */
    MQ_STATE_SECURING, /* TLS handshake */
    MQ_STATE_GREETING, /* CONNECT is out, CONNACK awaited */
    MQ_STATE_UP,
    MQ_STATE_LEAVING, /* DISCONNECT is on its way */
    MQ_STATE_OVER     /* the connection is gone, the application is still to be told */
};

enum mq_request_kind { MQ_REQUEST_PUBLISH, MQ_REQUEST_SUBSCRIBE, MQ_REQUEST_UNSUBSCRIBE };

struct mq_request {
    struct mq_event event;
    bool used;
    bool done; /* its callback is on its way */
    bool answered; /* with `answer`; its callback waits for the deadline */
    int answer;
    enum mq_request_kind kind;
    uint8_t qos;
    uint16_t id;
    uint64_t order;
    uint64_t mark; /* of QoS 0: when so many bytes were sent, it is done */
    int64_t deadline_ms;
    int retries_left;
    mqtt_client_t *pointer;
    mqtt_request_cb_t cb;
    void *arg;
};

struct mq_client {
    bool used;
    bool releasing; /* deinit is at work */
    mqtt_client_t handle;
    uint32_t generation; /* counts the uses of this slot */
    int cid;

    enum mq_state state;
    bool announced;      /* the application has been told that the session is up */
    bool announced_once; /* the same of any session before */
    int lost;       /* the connection is to end with this status; 0: it is not */
    size_t under_way;
    int64_t deadline_ms; /* of the present state; INT64_MAX for none */

    struct mq_info info;
    struct mq_link link;
    struct mq_bytes rx;
    struct mq_bytes tx;
    uint64_t queued;
    uint64_t sent;
    int64_t last_sent_ms;
    int64_t ping_deadline_ms; /* 0: no PINGREQ is unanswered */
    bool is_behind;           /* bytes from the server may lie unread */
    bool is_in_pieces;        /* the next packet has begun in an earlier segment; kept for a defect alone */
    uint16_t unsaid[MQ_UNSAID_MAX]; /* ids whose PUBACK a defect keeps to the end of the segment */
    size_t unsaid_count;

    struct mq_session session;
    char *session_owner; /* the client id whose session it is, NULL: none yet */
    struct mq_request requests[MQ_REQUESTS_MAX];
    uint64_t last_order;

    uint8_t level; /* 3: MQTT 3.1, 4: MQTT 3.1.1 */
    size_t rx_max;

    struct mq_event connection;
    mqtt_connection_cb_t connection_cb;
    void *connection_arg;
    mqtt_client_t *connection_pointer;
    struct mq_event exception;
    mqtt_state_exception_cb_t exception_cb;
    struct mq_event disconnection;
    mqtt_disconnect_cb_t disconnection_cb;
    void *disconnection_arg;
    mqtt_client_t *disconnection_pointer;
    mqtt_incoming_publish_cb_t message_cb;
    void *message_arg;
    mqtt_client_t *message_pointer;
};

/* A free slot made into a client, NULL if there is none. */
struct mq_client *mq_client_new(int cid);
/* NULL for a handle that is none, or no longer. */
struct mq_client *mq_client_find(const mqtt_client_t *handle);
/* The slot at `index`, used or not. */
struct mq_client *mq_client_at(size_t index);
/* Frees everything; what was on its way to the application is dropped. */
void mq_client_free(struct mq_client *client);

#endif
