#include <string.h>

#include "event.h"
#include "utf8.h"

static const char *const kind_names[] = {
    [SHIM_EVENT_CALL] = "call",   [SHIM_EVENT_RET] = "ret", [SHIM_EVENT_ENTER] = "enter",     [SHIM_EVENT_LEAVE] = "leave",
    [SHIM_EVENT_RESET] = "reset", [SHIM_EVENT_AT] = "at",   [SHIM_EVENT_NETWORK] = "network", [SHIM_EVENT_LOST] = "lost",
};

static const char *const function_names[] = {
#define FUNCTION(name, method, callback) #name,
#include "../functions.def"
#undef FUNCTION
};

static const char *const callback_names[] = {
#define CALLBACK(constant, name) name,
#include "../callbacks.def"
#undef CALLBACK
};

static const char *const relation_names[] = {
    [SHIM_CLIENT_SAME] = "same",
    [SHIM_CLIENT_OTHER] = "other",
    [SHIM_CLIENT_FOREIGN] = "foreign",
    [SHIM_CLIENT_NULL] = "null",
};

const char *shim_callback_name(enum shim_callback callback)
{
    return callback_names[callback];
}

static void member(struct shim_text *text, const char *name)
{
    shim_text_raw(text, ",\"");
    shim_text_raw(text, name);
    shim_text_raw(text, "\":");
}

static void number(struct shim_text *text, const char *name, int64_t value)
{
    member(text, name);
    shim_text_int(text, value);
}

static void word(struct shim_text *text, const char *name, const char *value)
{
    member(text, name);
    shim_text_quoted(text, value, strlen(value));
}

static void where(struct shim_text *text, const struct shim_event *event)
{
    number(text, "slot", event->slot);
    number(text, "task", event->task);
}

static void call(struct shim_text *text, const struct shim_event *event)
{
    number(text, "token", event->as.call.token);
    word(text, "fn", function_names[event->as.call.fn]);
    where(text, event);
    if (event->as.call.in != 0)
        number(text, "in", event->as.call.in);
}

static void ret(struct shim_text *text, const struct shim_event *event)
{
    number(text, "token", event->as.ret.token);
    word(text, "fn", function_names[event->as.ret.fn]);
    where(text, event);
    number(text, "ret", event->as.ret.ret);
    number(text, "handle", event->as.ret.handle);
    if (event->as.ret.fn == SHIM_FN_onenet_token && !event->text.is_null) {
        member(text, "text");
        shim_text_quoted_lossy(text, (const char *)event->text.bytes, event->text.kept);
    }
}

static void digest_head(struct shim_text *text, const char *name, const struct shim_digest *digest)
{
    member(text, name);
    shim_text_raw(text, "{\"length\":");
    shim_text_uint(text, digest->length);
    number(text, "crc32", digest->crc32);
}

static void topic(struct shim_text *text, const struct shim_digest *digest)
{
    if (digest->is_null) {
        shim_text_raw(text, ",\"topic\":null");
        return;
    }
    digest_head(text, "topic", digest);
    /* A topic that was cut is judged by what is kept of it. */
    if (shim_utf8_valid(digest->bytes, digest->kept)) {
        member(text, "text");
        shim_text_quoted(text, (const char *)digest->bytes, digest->kept);
    } else {
        member(text, "hex");
        shim_text_char(text, '"');
        shim_text_hex(text, digest->bytes, digest->kept);
        shim_text_char(text, '"');
    }
    shim_text_char(text, '}');
}

static void payload(struct shim_text *text, const struct shim_digest *digest, uint32_t capture)
{
    if (digest->is_null) {
        shim_text_raw(text, ",\"payload\":null");
        return;
    }
    digest_head(text, "payload", digest);
    member(text, "head");
    shim_text_char(text, '"');
    shim_text_hex(text, digest->bytes, digest->kept);
    shim_text_char(text, '"');
    number(text, "capture", capture);
    shim_text_char(text, '}');
}

static void enter(struct shim_text *text, const struct shim_event *event)
{
    const struct shim_event_enter *in = &event->as.enter;
    word(text, "cb", callback_names[in->cb]);
    if (in->cb != SHIM_CB_EXCEPTION) {
        member(text, "arg");
        shim_text_uint(text, in->arg);
    }
    number(text, "slot", event->slot);
    number(text, "handle", in->handle);
    word(text, "client", relation_names[in->client]);
    number(text, "task", event->task);
    if (in->cb == SHIM_CB_CONNECT)
        number(text, "status", in->value);
    if (in->cb == SHIM_CB_REQUEST || in->cb == SHIM_CB_DISCONNECT)
        number(text, "err", in->value);
    if (in->cb == SHIM_CB_INPUB) {
        number(text, "pktId", in->value);
        topic(text, &event->text);
        payload(text, &event->more, in->capture);
    }
}

static void leave(struct shim_text *text, const struct shim_event *event)
{
    word(text, "cb", callback_names[event->as.leave.cb]);
    number(text, "enter", event->as.leave.enter);
    number(text, "task", event->task);
    if (event->as.leave.intact != SHIM_INTACT_UNTOLD) {
        member(text, "intact");
        shim_text_raw(text, event->as.leave.intact == SHIM_INTACT_YES ? "true" : "false");
    }
}

static void kept(struct shim_text *text, const char *name, const struct shim_digest *digest)
{
    member(text, name);
    shim_text_quoted_lossy(text, (const char *)digest->bytes, digest->kept);
}

static void lost(struct shim_text *text, const struct shim_event *event)
{
    member(text, "counts");
    char separator = '{';
    for (int i = 0; i < SHIM_LOSSES; i++) {
        if (event->as.lost.counts[i] == 0)
            continue;
        const char *name = i < SHIM_CALLBACKS ? callback_names[i] : i == SHIM_LOSS_AT ? "at" : "network";
        shim_text_char(text, separator);
        shim_text_quoted(text, name, strlen(name));
        shim_text_char(text, ':');
        shim_text_uint(text, event->as.lost.counts[i]);
        separator = ',';
    }
    shim_text_char(text, '}');
}

void shim_event_json(struct shim_text *text, const struct shim_event *event, uint32_t seq)
{
    shim_text_raw(text, "{\"seq\":");
    shim_text_uint(text, seq);
    number(text, "t", event->t);
    word(text, "e", kind_names[event->kind]);
    switch (event->kind) {
    case SHIM_EVENT_CALL:
        call(text, event);
        break;
    case SHIM_EVENT_RET:
        ret(text, event);
        break;
    case SHIM_EVENT_ENTER:
        enter(text, event);
        break;
    case SHIM_EVENT_LEAVE:
        leave(text, event);
        break;
    case SHIM_EVENT_RESET:
        kept(text, "why", &event->text);
        break;
    case SHIM_EVENT_AT:
        number(text, "request", event->as.at.request);
        kept(text, "line", &event->text);
        member(text, "done");
        shim_text_raw(text, event->as.at.done ? "true" : "false");
        break;
    case SHIM_EVENT_NETWORK:
        kept(text, "what", &event->text);
        kept(text, "value", &event->more);
        break;
    default:
        lost(text, event);
    }
    shim_text_char(text, '}');
}
