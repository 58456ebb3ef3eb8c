/*
 * Fuzzes the parser and the dispatch, with the QuecOpen calls in memory.
 *
 * An input is a script of lines. One that begins with { or [ is sealed with its checksum, so that the fuzzer is not stopped by it; one that
 * begins with ! is a row of things that happen on the module (see `happen`); every other goes in as it is.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../at_tunnel.h"
#include "../calls.h"
#include "../core/crc32.h"
#include "../core/json_grammar.h"
#include "../dispatch.h"
#include "../network.h"
#include "../reset.h"
#include "../start.h"
#include "../tests/memory_sdk.h"
#include "../writer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct shim_memory memory;

static void check(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "broken: %s\n", what);
    abort();
}

/* What is set aside is what somebody holds, to the byte. */
static void check_reservations(void)
{
    const struct shim *shim = &shim_the;
    size_t held = shim->reserved_reset;
    for (unsigned i = 0; i < SHIM_CALLS; i++) {
        const struct shim_call *call = &shim->calls[i];
        if (call->state != SHIM_CALL_FREE)
            held += call->reserved_call + call->reserved_ret + call->reserved_callback;
    }
    check(held == shim->events.reserved, "reservations add up");
    check(shim->events.used + shim->events.reserved <= shim->events.room, "the event queue holds no more than its room");
    check(memory_sdk.locks == 0, "the lock is free");
}

static void read_all(void)
{
    struct shim_text *text = &shim_the.line_out;
    while (shim_compose(&shim_the, text)) {
        size_t length = text->used - 1;
        check(!text->overflow && text->used <= SHIM_LINE_OUT, "a line fits its limit");
        check(text->at[length] == '\n' && memchr(text->at, '\n', length) == NULL, "a line ends in its only LF");
        check(shim_line_check(text->at, &length) == SHIM_CHECKSUM_GOOD, "a line has its checksum");
        check(shim_json_grammar(text->at, length), "a line is JSON");
    }
}

static void work(void)
{
    for (unsigned i = 0; i < SHIM_SLOTS; i++)
        while (shim_calls_step(&shim_the, i))
            continue;
}

static void seal_and_receive(const char *json)
{
    char sealed[512];
    int length = snprintf(sealed, sizeof sealed, "%s*%08x\n", json, shim_crc32(0, json, strlen(json)));
    shim_receive(&shim_the, sealed, (size_t)length);
}

static void hello_in_between(void)
{
    memory_sdk.during_call = NULL;
    seal_and_receive(
        "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"hello\",\"params\":{\"nonce\":\"00000000000000aa\",\"protocol\":\"1.0\",\"session\":null}}");
}

static void hang(void)
{
    memory_sdk.during_call = NULL;
    memory_sdk.now_ms += SHIM_WEDGED_MS + 1;
    seal_and_receive("{\"jsonrpc\":\"2.0\",\"id\":3000,\"method\":\"slots\",\"params\":{\"link\":1}}");
    seal_and_receive("{\"jsonrpc\":\"2.0\",\"id\":3001,\"method\":\"mqtt.deinit\",\"params\":{\"link\":1,\"slot\":0,\"token\":3001}}");
}

static void happen(char what)
{
    static const char at_answer[] = "AT+CSQ\r\r\n+CSQ: \xff\x01,99\r\n\r\nOK\r\n";
    static const unsigned char payload[200] = {0, 1, 2, 255};
    /* Cut in the midst of a character. */
    static const char long_topic[] = "0123456789012345678901234567890123456789012345678901234567890123456789012345678901234567890123456789"
                                     "012345678901234567890123456\xc3\xa9\xc3\xa9";
    switch (what) {
    case 'w':
        work();
        break;
    case 'c':
        memory_sdk_callbacks(1);
        break;
    case 'C':
        memory_sdk_callbacks(MEMORY_CALLBACKS);
        break;
    case 'f':
        memory_sdk.callback_first = !memory_sdk.callback_first;
        break;
    case 'd':
        memory_sdk.callback_twice = !memory_sdk.callback_twice;
        break;
    case 'n':
        memory_sdk.callback_never = !memory_sdk.callback_never;
        break;
    case 'p':
        memory_sdk.own_pointer = !memory_sdk.own_pointer;
        break;
    case 'r':
        memory_sdk.has_ret = !memory_sdk.has_ret;
        memory_sdk.ret = -6;
        break;
    case 'H':
        memory_sdk.during_call = hello_in_between;
        break;
    case 'K':
        memory_sdk.during_call = hang;
        break;
    case 't':
        memory_sdk.now_ms += 1000;
        break;
    case 'T':
        memory_sdk.now_ms += SHIM_WEDGED_MS + 1;
        break;
    case 'j':
        shim_network_step(&shim_the);
        break;
    case 's':
        shim_network_start(&shim_the);
        break;
    case 'u':
        memory_sdk.registration = (memory_sdk.registration + 1) % 7;
        break;
    case 'U':
        memory_sdk.is_registered = !memory_sdk.is_registered;
        memory_sdk.datacall_error = memory_sdk.is_registered ? 0 : 128;
        break;
    case 'v':
        memory_sdk.no_virt_at = !memory_sdk.no_virt_at;
        shim_at_open(&shim_the);
        break;
    case 'a':
        memcpy(memory_sdk.at_answer, at_answer, sizeof at_answer);
        memory_sdk.at_answered = 0;
        /* fall through */
    case 'A':
        shim_at_step(&shim_the, 1000);
        break;
    case 'i':
        memory_sdk_inpub(&shim_the.slots[0].client, 7, "topic/\xc3\xa9", payload, 40);
        break;
    case 'L':
        memory_sdk_inpub(&shim_the.slots[0].client, 8, long_topic, payload, 1);
        break;
    case 'N':
        memory_sdk_inpub(NULL, 0, NULL, NULL, 40);
        break;
    case 'I':
        for (int i = 0; i < 15; i++)
            memory_sdk_inpub(&shim_the.slots[1].client, i, "\xff\x01", payload, sizeof payload);
        break;
    case 'x':
        if (memory_sdk.exception != NULL)
            memory_sdk.exception(&shim_the.slots[0].client);
        break;
    case 'e':
        memory_sdk.file_error = (memory_sdk.file_error + 1) % 6;
        break;
    case 'b':
        memory_sdk.boot_cause = memory_sdk.boot_cause * 2 + 1;
        break;
    case 'R':
        shim_reset_is_ready(&shim_the);
        break;
    case 'o':
        read_all();
        break;
    default:
        memory_sdk.task = (unsigned char)what;
    }
}

static void take_line(const char *line, size_t length)
{
    char tail[SHIM_LINE_TAIL + 1];
    if (length > 0 && line[0] == '!') {
        for (size_t i = 1; i < length; i++)
            happen(line[i]);
        return;
    }
    shim_receive(&shim_the, line, length);
    if (length > 0 && (line[0] == '{' || line[0] == '[')) {
        snprintf(tail, sizeof tail, "*%08x", shim_crc32(0, line, length));
        shim_receive(&shim_the, tail, SHIM_LINE_TAIL - 1);
    }
    shim_receive(&shim_the, "\n", 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *at = (const char *)data;
    const char *end = at + size;
    memory_sdk_reset();
    check(shim_init(&shim_the, &memory), "the shim starts");
    shim_at_open(&shim_the);
    while (at < end) {
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        size_t length = (size_t)((lf == NULL ? end : lf) - at);
        take_line(at, length);
        check_reservations();
        at += length + 1;
    }
    work();
    memory_sdk_callbacks(MEMORY_CALLBACKS);
    read_all();
    check_reservations();
    return 0;
}
