/*
 * All that the shim holds. Every field but those of the reader is guarded by the lock; the session is changed by the reader alone.
 *
 * SDK calls are compared with 0, which is success for all of them: the names that headers have for it differ between SDKs.
 */
#ifndef SHIM_H
#define SHIM_H

#include "core/answers.h"
#include "core/arena.h"
#include "core/captures.h"
#include "core/event.h"
#include "core/line.h"
#include "core/members.h"
#include "core/ring.h"
#include "core/session.h"
#include "limits.h"
#include "shim_features.h"

#include "ql_api_osi.h"
#include "ql_mqttclient.h"

enum shim_error {
#define ERROR(name, code, gloss) SHIM_ERROR_##name = code,
#include "errors.def"
#undef ERROR
    SHIM_OK = 0,
    /* The answer comes later, from another task. */
    SHIM_LATER = 1
};

enum shim_call_state {
    SHIM_CALL_FREE,
    SHIM_CALL_WAITING, /* for its slot's worker, or for its reaction */
    SHIM_CALL_RUNNING,
    SHIM_CALL_PENDING /* it returned; its callback may come */
};

/* What the function is called with, beside the client. */
struct shim_arguments {
    int32_t cid;
    const char *text; /* host or topic */
    const char *payload;
    const struct mqtt_connect_client_info_t *info;
    uint16_t length;
    uint8_t qos;
    uint8_t flag; /* retain or sub */
    bool cb;
    bool exception_cb;
    int64_t expire_time;
    char *onenet[4]; /* product id, device name, version, access key */
    int32_t option;
    int32_t value;
};

struct shim_call {
    enum shim_call_state state;
    uint8_t fn;
    uint8_t slot;   /* whose worker makes it */
    int8_t target;  /* whose variable `client` is, -1: no slot's */
    bool poison;
    uint32_t token;
    mqtt_client_t *client;
    struct shim_arguments arguments;
    /* Where the arguments lie. */
    uint32_t block;
    void *memory;
    size_t memory_bytes;
    /* Bytes of the event queue that are set aside for it. */
    size_t reserved_call;
    size_t reserved_ret;
    size_t reserved_callback;
    int64_t began_ms;
};

struct shim_slot {
    mqtt_client_t client;
    bool is_open;
    struct shim_call *waiting[SHIM_SLOT_WAITING];
    unsigned head;
    unsigned count;
    ql_sem_t work;
};

struct shim_reaction {
    uint32_t number; /* 0: the place is free */
    int8_t slot;
    uint8_t cb;
    uint8_t times;
    uint8_t fired;
    uint8_t calls_each;
    struct shim_call *calls[SHIM_REACTION_TIMES * SHIM_REACTION_CALLS];
};

/* Work of the job task: what may take longer than the reader may stand still. */
struct shim_job {
    bool is_set;
    bool up;
    uint32_t id;
    uint32_t session;
    int profile;
    char apn[64];
};

struct shim_at {
    bool is_there;
    bool is_busy;
    uint32_t id;
    uint32_t session;
    int64_t deadline_ms;
    struct shim_line line; /* the tunnel task's alone */
    ql_sem_t received;
};

/* The job task's alone, but for the profile. */
struct shim_network {
    int profile;
    const char *registration;
    const char *data_call;
};

/* The line that is being handled, and of its messages the present one. */
struct shim_request {
    const struct shim_json *json;
    int method;
    int params;
    uint32_t id; /* 0: a notification */
    /* `data` of an error: the member's name, or the SDK's code. */
    struct shim_misfit misfit;
    int64_t code;
    struct shim_call *calls[SHIM_BATCH];
    unsigned calls_count;
    struct shim_outgoing outgoing[SHIM_BATCH];
    unsigned outgoing_count;
};

struct shim {
    struct shim_session session;
    struct shim_answers answers;
    char hello_misfit[SHIM_MISFIT_JSON];
    struct shim_ring events;
    uint32_t losses[SHIM_LOSSES];
    uint32_t noise;

    struct shim_arena arena;
    struct shim_captures captures;
    struct shim_call calls[SHIM_CALLS];
    struct shim_slot slots[SHIM_SLOTS];
    mqtt_client_t values[SHIM_VALUES];
    unsigned next_value;
    struct shim_reaction reactions[SHIM_REACTIONS];
    uint32_t last_reaction;
    ql_task_t tasks[SHIM_TASKS];
    unsigned task_count;

    struct shim_job job;
    struct shim_at at;
    struct shim_network network;
    /* An announced reset: the number of its event, and when to wait for its acknowledgement no longer. */
    bool is_reset_due;
    uint32_t reset_event;
    int64_t reset_deadline_ms;
    size_t reserved_reset;

    /* The reader's alone. */
    struct shim_line line;
    struct shim_request request;
    jsmntok_t *tokens;
    uint8_t *chunk; /* SHIM_CHUNK_MAX bytes */

    /* The writer's alone. */
    struct shim_text line_out;

    ql_mutex_t lock;
    ql_sem_t written; /* the writer has work */
    bool is_writer_told;
    ql_sem_t job_work;
};

/* Callbacks get no context of ours, and the exception callback gets none at all. */
extern struct shim shim_the;

void shim_lock(struct shim *shim);
void shim_unlock(struct shim *shim);
/* Tells the writer that something is to be sent. Under the lock. */
void shim_wake_writer(struct shim *shim);
/* A small number for the task that calls, in order of first appearance. Under the lock. */
uint8_t shim_task_number(struct shim *shim);

#endif
