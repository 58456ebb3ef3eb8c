/*
 * The QuecOpen calls that the shim makes, in memory: one thread, a clock that stands until it is moved, callbacks that come when they are
 * let. For tests and the fuzzer.
 */
#ifndef MEMORY_SDK_H
#define MEMORY_SDK_H

#include <stdbool.h>
#include <stdint.h>

#include "ql_mqttclient.h"

#define MEMORY_CALLBACKS 64

struct memory_sdk {
    int64_t now_ms;
    int locks;
    /* What a call returns, when not the ordinary. */
    bool has_ret;
    int ret;
    /* The callback comes before the call returns; twice; never. */
    bool callback_first;
    bool callback_twice;
    bool callback_never;
    /* Callbacks get a pointer of the SDK's own in place of the caller's. */
    bool own_pointer;
    /* Called in the midst of every ql_mqtt_* function. */
    void (*during_call)(void);
    unsigned calls;
    /* Of the newest call. */
    mqtt_client_t *client;
    const char *text;
    const void *payload;
    unsigned payload_length;
    const struct mqtt_connect_client_info_t *info;
    int number;
    mqtt_incoming_publish_cb_t inpub;
    void *inpub_arg;
    mqtt_state_exception_cb_t exception;
    bool is_up;
    bool is_registered;
    int registration; /* ql_nw_reg_state_e, while registered */
    int file_error;
    int network_error;
    int datacall_error;
    bool no_virt_at;
    char at_command[600];
    char at_answer[2048];
    unsigned at_answered;
    unsigned resets;
    uintptr_t task;
    unsigned boot_cause;
    int cpu_percent;
};

extern struct memory_sdk memory_sdk;

void memory_sdk_reset(void);
/* Lets so many waiting callbacks come; gives how many came. */
unsigned memory_sdk_callbacks(unsigned most);
void memory_sdk_inpub(mqtt_client_t *client, int pkt_id, const char *topic, const void *payload, unsigned short length);

#endif
