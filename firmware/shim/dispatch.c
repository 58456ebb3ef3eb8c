#include "dispatch.h"

#include <string.h>

#include "answering.h"
#include "calls.h"

struct method {
    const char *name;
    enum shim_error (*handler)(struct shim *, struct shim_request *, struct shim_text *);
    unsigned flags;
};

static const struct method methods[] = {
#define METHOD(name, handler, flags) {name, handler, flags},
#include "methods.def"
#undef METHOD
};

#define METHODS (int)(sizeof methods / sizeof methods[0])

struct envelope {
    int jsonrpc;
    int id;
    int method;
    int params;
};

static const struct shim_member envelope_members[] = {
    {"jsonrpc", SHIM_MEMBER_TEXT, true, offsetof(struct envelope, jsonrpc), 0, 0},
    {"id", SHIM_MEMBER_ANY, false, offsetof(struct envelope, id), 0, 0},
    {"method", SHIM_MEMBER_TEXT, true, offsetof(struct envelope, method), 0, 0},
    {"params", SHIM_MEMBER_ANY, true, offsetof(struct envelope, params), 0, 0},
};

enum shim_error shim_misfit(struct shim_request *request, const char *name)
{
    shim_misfit_set(&request->misfit, name);
    return SHIM_ERROR_INVALID_PARAMS;
}

enum shim_error shim_take_params(struct shim_request *request, const struct shim_member *members, int count, void *into)
{
    return shim_members_take(request->json, request->params, members, count, into, &request->misfit) ? SHIM_OK : SHIM_ERROR_INVALID_PARAMS;
}

struct nothing {
    int64_t link;
};

enum shim_error shim_take_nothing(struct shim_request *request)
{
    static const struct shim_member members[] = {SHIM_LINK_MEMBER(struct nothing)};
    struct nothing nothing;
    return shim_take_params(request, SHIM_MEMBERS(members), &nothing);
}

/* Answers of one line go to the writer together, so that those of a batch stand in one line again. */
static void answer_with(struct shim_request *request, struct shim_outgoing outgoing)
{
    outgoing.id = request->id;
    request->outgoing[request->outgoing_count++] = outgoing;
}

static void answer_error(struct shim_request *request, enum shim_error error, const char *data)
{
    answer_with(request, (struct shim_outgoing){.what = SHIM_SEND_ERROR, .error = error, .data = data});
}

/* Under the lock. What does not fit in the outbox waits for the host to ask again. */
static void send_all(struct shim *shim, struct shim_request *request, bool in_batch)
{
    if (shim_outbox_count(&shim->answers) + request->outgoing_count > SHIM_OUTBOX)
        return;
    for (unsigned i = 0; i < request->outgoing_count; i++) {
        request->outgoing[i].in_batch = in_batch;
        request->outgoing[i].closes = i + 1 == request->outgoing_count;
        shim_outbox_put(&shim->answers, request->outgoing[i]);
    }
    shim_wake_writer(shim);
}

/* Whether so many answers wait to be sent that no further request is taken. */
static bool is_crowded(struct shim *shim, const struct shim_request *request)
{
    shim_lock(shim);
    unsigned waiting = shim_outbox_count(&shim->answers);
    shim_unlock(shim);
    return waiting + request->outgoing_count >= SHIM_OUTSTANDING;
}

static void run(struct shim *shim, const struct method *method, struct shim_request *request)
{
    struct shim_answer *answer;
    shim_lock(shim);
    enum shim_seen seen = shim_answers_begin(&shim->answers, request->id, &answer);
    shim_unlock(shim);
    if (seen == SHIM_SEEN_TOO_OLD)
        answer_error(request, SHIM_ERROR_ID_TOO_OLD, NULL);
    if (seen == SHIM_SEEN_DONE)
        answer_with(request, (struct shim_outgoing){.what = SHIM_SEND_KEPT});
    if (seen != SHIM_SEEN_NEVER)
        return;
    struct shim_text result = shim_answer_begin(answer, request->id);
    enum shim_error error = is_crowded(shim, request) ? SHIM_ERROR_BUSY : method->handler(shim, request, &result);
    if (error == SHIM_LATER)
        return;
    shim_lock(shim);
    shim_answer_finish(answer, &result, error, &request->misfit, request->code);
    shim_unlock(shim);
    answer_with(request, (struct shim_outgoing){.what = SHIM_SEND_KEPT});
}

/* An error's data while the outbox holds it: the newest hello's will do for all of them. */
static const char *hello_data(struct shim *shim, const struct shim_request *request, enum shim_error error)
{
    struct shim_text text;
    if (error == SHIM_ERROR_PROTOCOL_VERSION)
        return "\"" SHIM_PROTOCOL "\"";
    shim_lock(shim);
    shim_text_init(&text, shim->hello_misfit, sizeof shim->hello_misfit - 1);
    shim_text_quoted(&text, request->misfit.name, strlen(request->misfit.name));
    shim->hello_misfit[text.used] = '\0';
    shim_unlock(shim);
    return shim->hello_misfit;
}

/* Its answer has a place of its own: the ids of the window may mean nothing any more once it is through. */
static void run_hello(struct shim *shim, const struct method *method, struct shim_request *request)
{
    struct shim_text result;
    shim_text_init(&result, shim->answers.hello.text, SHIM_ANSWER_BYTES);
    enum shim_error error = method->handler(shim, request, &result);
    if (error == SHIM_OK)
        answer_with(request, (struct shim_outgoing){.what = SHIM_SEND_HELLO});
    else
        answer_error(request, error, hello_data(shim, request, error));
}

/* hello has no link; every other method has that of the newest hello. */
static enum shim_error check_link(struct shim *shim, const struct shim_request *request)
{
    int64_t number;
    int link = shim_members_find(request->json, request->params, "link");
    if (!shim->session.is_open)
        return SHIM_ERROR_NO_SESSION;
    if (link == SHIM_ABSENT || !shim_json_int(request->json, link, &number))
        return SHIM_ERROR_INVALID_PARAMS;
    return number == shim->session.link ? SHIM_OK : SHIM_ERROR_STALE_LINK;
}

static const struct method *find_method(const struct shim_json *json, int name)
{
    for (int i = 0; i < METHODS; i++)
        if (shim_json_equals(json, name, methods[i].name))
            return &methods[i];
    return NULL;
}

/* What the module itself says comes back where somebody echoes it: to answer that would never end. */
static bool is_echo(const struct shim_json *json, int message)
{
    int method = shim_members_find(json, message, "method");
    return shim_members_find(json, message, "result") != SHIM_ABSENT || shim_members_find(json, message, "error") != SHIM_ABSENT ||
           (method != SHIM_ABSENT && shim_json_equals(json, method, "events"));
}

static bool take_id(const struct shim_json *json, int value, uint32_t *id)
{
    int64_t number;
    if (!shim_json_int(json, value, &number) || number < 1 || number > INT32_MAX)
        return false;
    *id = (uint32_t)number;
    return true;
}

static bool take_envelope(const struct shim_json *json, int message, struct envelope *envelope, uint32_t *id)
{
    struct shim_misfit misfit;
    *envelope = (struct envelope){.id = SHIM_ABSENT};
    if (!shim_json_is_object(json, message))
        return false;
    /* Before all else, so that a refusal can name it. */
    int value = shim_members_find(json, message, "id");
    bool has_good_id = value == SHIM_ABSENT || take_id(json, value, id);
    return has_good_id && shim_members_take(json, message, SHIM_MEMBERS(envelope_members), envelope, &misfit) &&
           shim_json_equals(json, envelope->jsonrpc, "2.0") && shim_json_is_object(json, envelope->params);
}

static void notify(struct shim *shim, const struct method *method, struct shim_request *request)
{
    char ignored[64];
    struct shim_text result;
    shim_text_init(&result, ignored, sizeof ignored);
    if (method != NULL && (method->flags & SHIM_METHOD_NOTIFY) != 0 && check_link(shim, request) == SHIM_OK)
        method->handler(shim, request, &result);
}

static enum shim_error check(struct shim *shim, const struct shim_request *request, const struct method *method, bool in_batch)
{
    if (method == NULL)
        return SHIM_ERROR_METHOD_NOT_FOUND;
    if (in_batch && (method->flags & SHIM_METHOD_CALL) == 0)
        return SHIM_ERROR_INVALID_REQUEST;
    return (method->flags & SHIM_METHOD_HELLO) != 0 ? SHIM_OK : check_link(shim, request);
}

/* One message, alone or in a batch. `request` collects answers and calls of the whole line. */
static void dispatch(struct shim *shim, int message, struct shim_request *request, bool in_batch)
{
    struct envelope envelope;
    request->id = 0;
    request->code = 0;
    request->misfit.name[0] = '\0';
    if (!take_envelope(request->json, message, &envelope, &request->id)) {
        answer_error(request, SHIM_ERROR_INVALID_REQUEST, NULL);
        return;
    }
    request->method = envelope.method;
    request->params = envelope.params;
    const struct method *method = find_method(request->json, envelope.method);
    if (request->id == 0 && !in_batch) {
        notify(shim, method, request);
        return;
    }
    enum shim_error error = request->id == 0 ? SHIM_ERROR_INVALID_REQUEST : check(shim, request, method, in_batch);
    if (error != SHIM_OK)
        answer_error(request, error, error == SHIM_ERROR_INVALID_PARAMS ? "\"link\"" : NULL);
    else if ((method->flags & SHIM_METHOD_HELLO) != 0)
        run_hello(shim, method, request);
    else
        run(shim, method, request);
}

static int slot_named(const struct shim_json *json, int message, int64_t *slot)
{
    if (!shim_json_is_object(json, message))
        return SHIM_ABSENT;
    int params = shim_members_find(json, message, "params");
    if (params == SHIM_ABSENT || !shim_json_is_object(json, params))
        return SHIM_ABSENT;
    int value = shim_members_find(json, params, "slot");
    return value != SHIM_ABSENT && shim_json_int(json, value, slot) ? value : SHIM_ABSENT;
}

/* Whether all calls of a batch that name a slot name the same. */
static bool has_one_slot(const struct shim_json *json, int array)
{
    int64_t first = 0;
    bool is_first = true;
    int end = shim_json_after(json, array);
    for (int message = array + 1; message < end; message = shim_json_after(json, message)) {
        int64_t slot;
        if (slot_named(json, message, &slot) == SHIM_ABSENT)
            continue;
        if (!is_first && slot != first)
            return false;
        first = slot;
        is_first = false;
    }
    return true;
}

/* A member of a batch that is refused whole is answered by itself, so that nobody waits for it in vain. */
static void refuse_member(int message, struct shim_request *request)
{
    struct envelope envelope;
    request->id = 0;
    take_envelope(request->json, message, &envelope, &request->id);
    answer_error(request, SHIM_ERROR_INVALID_REQUEST, NULL);
}

static void dispatch_batch(struct shim *shim, struct shim_request *request)
{
    int message = 1;
    bool is_good = has_one_slot(request->json, 0);
    for (int i = 0; i < request->json->tokens[0].size; i++) {
        if (is_good)
            dispatch(shim, message, request, true);
        else
            refuse_member(message, request);
        message = shim_json_after(request->json, message);
    }
}

static bool is_batch(const struct shim_json *json)
{
    return shim_json_is_array(json, 0) && json->tokens[0].size >= 1 && json->tokens[0].size <= SHIM_BATCH;
}

static void dispatch_line(struct shim *shim, const char *text, size_t length)
{
    struct shim_json json;
    struct shim_request *request = &shim->request;
    enum shim_json_result parsed = shim_json_parse(&json, text, length, shim->tokens, SHIM_JSON_TOKENS);
    request->json = &json;
    request->id = 0;
    request->calls_count = 0;
    request->outgoing_count = 0;
    bool in_batch = parsed == SHIM_JSON_OK && is_batch(&json);
    if (parsed == SHIM_JSON_BAD)
        answer_error(request, SHIM_ERROR_PARSE_ERROR, NULL);
    else if (in_batch)
        dispatch_batch(shim, request);
    else if (parsed == SHIM_JSON_TOO_BIG || !shim_json_is_object(&json, 0))
        answer_error(request, SHIM_ERROR_INVALID_REQUEST, NULL);
    else if (!is_echo(&json, 0))
        dispatch(shim, 0, request, false);
    shim_lock(shim);
    send_all(shim, request, in_batch);
    /* Only now: a batch runs back to back, and its answers are on their way before its first event. */
    for (unsigned i = 0; i < request->calls_count; i++)
        shim_calls_enqueue(shim, request->calls[i]);
    shim_unlock(shim);
}

static bool may_be_typed(const struct shim *shim, const char *line)
{
    return !shim->session.is_open && (line[0] == '{' || line[0] == '[');
}

static void take_line(struct shim *shim, const char *line, size_t length)
{
    enum shim_checksum checksum = shim_line_check(line, &length);
    if (checksum == SHIM_CHECKSUM_GOOD || (checksum == SHIM_CHECKSUM_NONE && may_be_typed(shim, line)))
        dispatch_line(shim, line, length);
    else
        shim->noise++;
}

void shim_receive(struct shim *shim, const char *bytes, size_t count)
{
    while (count > 0) {
        size_t taken;
        enum shim_line_state state = shim_line_push(&shim->line, bytes, count, &taken);
        bytes += taken;
        count -= taken;
        if (state == SHIM_LINE_WHOLE)
            take_line(shim, shim->line.at, shim->line.used);
        else if (state == SHIM_LINE_NOISE)
            shim->noise++;
    }
}
