/* The life of a connection, from the call of connect to the callback that ends it. All under the engine's lock. */
#ifndef MQ_CONNECTION_H
#define MQ_CONNECTION_H

#include <stdbool.h>
#include <stdint.h>

#include "client.h"

/* Starts to connect as client->info says. */
void mq_connection_start(struct mq_client *client);
/* The user disconnects. */
void mq_connection_leave(struct mq_client *client);
/* The client is released: what is pending is told as far as the settings want it, unless `silent`. */
void mq_connection_abandon(struct mq_client *client, bool silent);
/* For a deinit that returns before its work is done. */
void mq_connection_abandon_later(struct mq_client *client);
/* The connection ends with `status` (mqtt_connection_status_e), as soon as the application has heard all that came before. */
void mq_connection_lose(struct mq_client *client, int status);
/* The data call of a profile has ended; takes the lock itself. */
void mq_connections_lose_network(int profile);
/* CONNACK 0 has come. */
void mq_connection_accept(struct mq_client *client, bool session_present);

/* For the socket task: what to poll the socket for (0: leave it alone), when to come again, and the work itself. */
short mq_connection_interest(const struct mq_client *client);
int64_t mq_connection_due_ms(struct mq_client *client);
void mq_connection_serve(struct mq_client *client, int64_t now_ms);

/* For the callback task: the application is about to hear the outcome of connect, or that the session is over. */
void mq_connection_told(struct mq_client *client, int status);
void mq_connection_told_end(struct mq_client *client);
/* One callback has returned. */
void mq_connection_relieved(struct mq_client *client);

/* What a request's or disconnect's err is called in the enum that the settings choose. */
int mq_connection_err(int status);

#endif
