/*
 * Session state of MQTT's client side: packet ids, unacknowledged messages, QoS 2 ids seen. Outlives connections when clean session
 * is 0.
 */
#ifndef MQ_SESSION_H
#define MQ_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"

/* A PUBLISH that went out with QoS 1 or 2 and whose last acknowledgement is still to come. */
struct mq_message {
    struct mq_message *next;
    uint16_t id;
    uint8_t qos;
    bool released; /* PUBREC has come: from then on it is PUBREL that is repeated */
    bool awaited;  /* a request waits for it */
    struct mq_bytes frame;
};

struct mq_ids {
    uint8_t bits[8192];
};

struct mq_session {
    struct mq_message *unacknowledged; /* in the order of PUBLISH */
    struct mq_message *released;       /* in the order of PUBREC */
    size_t count;
    uint16_t last_id;
    struct mq_ids outgoing; /* ids in use */
    struct mq_ids incoming; /* QoS 2 messages delivered whose PUBREL is still to come */
};

/* An unused packet id, marked as used; 0 if all are [MQTT-2.3.1-2]. */
uint16_t mq_session_take_id(struct mq_session *session);
void mq_session_free_id(struct mq_session *session, uint16_t id);

/* Room for one more message out of `limit`. With `evict`, one that nobody waits for makes room: a session that is not kept. */
bool mq_session_has_room(struct mq_session *session, size_t limit, bool evict);
/* Keeps a message; takes `frame` over. NULL without memory. */
struct mq_message *mq_session_keep(struct mq_session *session, uint16_t id, uint8_t qos, struct mq_bytes *frame);
struct mq_message *mq_session_find(struct mq_session *session, uint16_t id);
/* PUBREC has come. */
void mq_session_release(struct mq_session *session, struct mq_message *message);
/* The last acknowledgement has come: the message and its id are free. */
void mq_session_complete(struct mq_session *session, struct mq_message *message);

/* A QoS 2 message arrives; false if it was delivered before [MQTT-4.3.3-2]. */
bool mq_session_receive(struct mq_session *session, uint16_t id);
void mq_session_received(struct mq_session *session, uint16_t id);

/* The connection is gone and the session stays: ids that only the connection used are free. */
void mq_session_suspend(struct mq_session *session);
void mq_session_discard(struct mq_session *session);

#endif
