#include "rig.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../calls.h"
#include "../core/crc32.h"
#include "../dispatch.h"
#include "../start.h"
#include "../writer.h"

static struct shim_memory *memory;

int rig_boot(void **state)
{
    (void)state;
    memory_sdk_reset();
    /* From the heap each time, so that a sanitizer sees what lies beyond its parts' sum. */
    memory = malloc(sizeof *memory);
    return memory != NULL && shim_init(&shim_the, memory) ? 0 : -1;
}

int rig_session(void **state)
{
    if (rig_boot(state) != 0)
        return -1;
    rig_send(HELLO);
    rig_drain();
    return 0;
}

int rig_end(void **state)
{
    (void)state;
    free(memory);
    return 0;
}

void rig_bytes(const char *bytes, size_t count)
{
    shim_receive(&shim_the, bytes, count);
}

void rig_send(const char *json)
{
    char line[2 * SHIM_LINE_IN];
    int length = snprintf(line, sizeof line, "%s*%08x\n", json, shim_crc32(0, json, strlen(json)));
    rig_bytes(line, (size_t)length);
}

void rig_request(int id, const char *method, const char *params)
{
    char json[2 * SHIM_LINE_IN];
    snprintf(json, sizeof json, "{\"jsonrpc\":\"2.0\",\"id\":%d,\"method\":\"%s\",\"params\":{\"link\":%u%s%s}}", id, method,
             shim_the.session.link, params[0] == '\0' ? "" : ",", params);
    rig_send(json);
}

void rig_work(void)
{
    bool any = true;
    while (any) {
        any = false;
        for (unsigned i = 0; i < SHIM_SLOTS; i++)
            any = shim_calls_step(&shim_the, i) || any;
    }
}

const char *rig_line(void)
{
    static char line[SHIM_LINE_OUT + 1];
    struct shim_text *text = &shim_the.line_out;
    if (!shim_compose(&shim_the, text))
        return NULL;
    assert_false(text->overflow);
    assert_int_equal(text->at[text->used - 1], '\n');
    size_t length = text->used - 1;
    assert_int_equal(shim_line_check(text->at, &length), SHIM_CHECKSUM_GOOD);
    memcpy(line, text->at, length);
    line[length] = '\0';
    return line;
}

const char *rig_ask(int id, const char *method, const char *params)
{
    rig_request(id, method, params);
    rig_work();
    return rig_line();
}

void rig_expect(const char *json)
{
    const char *line = rig_line();
    assert_non_null(line);
    assert_string_equal(line, json);
}

void rig_drain(void)
{
    while (rig_line() != NULL)
        continue;
}
