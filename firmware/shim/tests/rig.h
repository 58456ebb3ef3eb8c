/* A shim on the in-memory SDK: lines go in, lines come out, and everything between happens when the test says so. */
#ifndef RIG_H
#define RIG_H

#include "../shim.h"
#include "memory_sdk.h"

#define HELLO "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"nonce\":\"6d0f3a4c5b7e8192\",\"protocol\":\"1.0\",\"session\":null,\"acked\":0}}"

/* A fresh boot. cmocka's set-up and tear-down. */
int rig_boot(void **state);
/* A fresh boot with session 1 open on link 1. */
int rig_session(void **state);
int rig_end(void **state);

/* One JSON message, sealed with its checksum. */
void rig_send(const char *json);
/* The same with `id`, `method` and the members of params behind the present link. */
void rig_request(int id, const char *method, const char *params);
void rig_bytes(const char *bytes, size_t count);
/* All workers, until none has work. */
void rig_work(void);
/* The JSON of the next line that goes out, its checksum checked; NULL when there is none. Valid until the next call. */
const char *rig_line(void);
/* Sends and works, and gives the answer. */
const char *rig_ask(int id, const char *method, const char *params);
/* The next line must be exactly this. */
void rig_expect(const char *json);
/* Drops what waits to go out. */
void rig_drain(void);

#endif
