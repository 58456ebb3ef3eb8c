#include "answering.h"

#include <string.h>

static const char *error_name(int32_t error)
{
    switch (error) {
#define ERROR(name, code, gloss)                                                                                                           \
    case code:                                                                                                                             \
        return #name;
#include "errors.def"
#undef ERROR
    default:
        return "INTERNAL";
    }
}

void shim_error_json(struct shim_text *text, uint32_t id, int32_t error, const char *data, size_t data_length)
{
    shim_text_raw(text, "{\"jsonrpc\":\"2.0\",\"id\":");
    if (id == 0)
        shim_text_raw(text, "null");
    else
        shim_text_uint(text, id);
    shim_text_raw(text, ",\"error\":{\"code\":");
    shim_text_int(text, error);
    shim_text_raw(text, ",\"message\":\"");
    shim_text_raw(text, error_name(error));
    shim_text_char(text, '"');
    if (data != NULL) {
        shim_text_raw(text, ",\"data\":");
        shim_text_bytes(text, data, data_length);
    }
    shim_text_raw(text, "}}");
}

static bool error_has_code(enum shim_error error)
{
    return error == SHIM_ERROR_FILE_FAILED || error == SHIM_ERROR_NETWORK_FAILED;
}

void shim_answer_finish(struct shim_answer *answer, struct shim_text *result, enum shim_error error, const struct shim_misfit *misfit, int64_t code)
{
    uint32_t id = answer->id;
    if (error == SHIM_OK) {
        shim_text_char(result, '}');
        answer->length = (uint16_t)result->used;
        answer->done = true;
        return;
    }
    char room[SHIM_MISFIT_JSON];
    struct shim_text data;
    shim_text_init(&data, room, sizeof room);
    if (error_has_code(error))
        shim_text_int(&data, code);
    else if (misfit != NULL && misfit->name[0] != '\0')
        shim_text_quoted(&data, misfit->name, strlen(misfit->name));
    struct shim_text text;
    shim_text_init(&text, answer->text, SHIM_ANSWER_BYTES);
    shim_error_json(&text, id, error, data.used > 0 ? room : NULL, data.used);
    answer->length = (uint16_t)text.used;
    answer->done = true;
}

struct shim_text shim_answer_begin(struct shim_answer *answer, uint32_t id)
{
    struct shim_text text;
    shim_text_init(&text, answer->text, SHIM_ANSWER_BYTES);
    shim_text_raw(&text, "{\"jsonrpc\":\"2.0\",\"id\":");
    shim_text_uint(&text, id);
    shim_text_raw(&text, ",\"result\":");
    return text;
}

void shim_answer_later(struct shim *shim, uint32_t session, uint32_t id, const char *result, enum shim_error error, int64_t code)
{
    shim_lock(shim);
    struct shim_answer *answer = shim_answers_find(&shim->answers, id);
    /* A new session numbers its requests anew: the answer would go to another one's. */
    if (shim->session.is_open && shim->session.number == session && answer != NULL && !answer->done) {
        struct shim_text text = shim_answer_begin(answer, id);
        if (result != NULL)
            shim_text_raw(&text, result);
        shim_answer_finish(answer, &text, error, NULL, code);
        shim_outbox_put(&shim->answers, (struct shim_outgoing){.what = SHIM_SEND_KEPT, .id = id});
        shim_wake_writer(shim);
    }
    shim_unlock(shim);
}
