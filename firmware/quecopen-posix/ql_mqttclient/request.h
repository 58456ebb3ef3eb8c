/* Requests of the application: publish, subscribe, unsubscribe. */
#ifndef MQ_REQUEST_H
#define MQ_REQUEST_H

#include <stdbool.h>
#include <stdint.h>

#include "client.h"
#include "codec.h"
#include "decode.h"

/* Who asks, and whom to tell. */
struct mq_asker {
    mqtt_client_t *pointer;
    mqtt_request_cb_t cb;
    void *arg;
};

/* A mqtt_error_code_e: MQTTCLIENT_WOUNDBLOCK once the request is on its way. `publish->id` is chosen here. */
int mq_request_publish(struct mq_client *client, struct mq_publish *publish, const struct mq_asker *asker);
int mq_request_subscription(struct mq_client *client, bool subscribe, const char *filter, uint8_t qos, const struct mq_asker *asker);

/* PUBACK, PUBREC, PUBCOMP, SUBACK, UNSUBACK. */
void mq_requests_answered(struct mq_client *client, const struct mq_packet *packet);
/* More bytes have been handed to the socket. */
void mq_requests_sent(struct mq_client *client);
void mq_requests_tick(struct mq_client *client, int64_t now_ms);
int64_t mq_requests_due_ms(const struct mq_client *client);
/* The session goes on over a new connection: sends again what is unacknowledged [MQTT-4.4.0-1]. */
void mq_requests_resume(struct mq_client *client);
/* None of them will be answered. `status`: why. */
void mq_requests_fail(struct mq_client *client, int status, bool silent);

#endif
