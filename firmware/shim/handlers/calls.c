/* mqtt.* and react.*. */
#include <stddef.h>

#include "../calls.h"
#include "../dispatch.h"
#include "../reactions.h"

static enum shim_error admit(struct shim *shim, const struct shim_request *request, const struct shim_call *call)
{
    shim_lock(shim);
    enum shim_error error = shim_calls_admit(shim, call->slot, request->calls_count + 1);
    shim_unlock(shim);
    return error;
}

static void drop(struct shim *shim, struct shim_call *call)
{
    shim_lock(shim);
    shim_calls_drop(shim, call);
    shim_unlock(shim);
}

enum shim_error handle_call(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct shim_call *call;
    const struct shim_call_wish wish = {
        .fn = shim_calls_function(request->json, request->method),
        .json = request->json,
        .params = request->params,
        .default_slot = -1,
        .misfit = &request->misfit,
    };
    enum shim_error error = shim_calls_prepare(shim, &wish, &call);
    if (error != SHIM_OK)
        return error;
    error = admit(shim, request, call);
    if (error != SHIM_OK) {
        drop(shim, call);
        return error;
    }
    request->calls[request->calls_count++] = call;
    shim_text_raw(result, "{\"accepted\":");
    shim_text_uint(result, call->token);
    shim_text_char(result, '}');
    return SHIM_OK;
}

struct arm {
    int64_t link;
    int64_t slot;
    int cb;
    int calls;
    int64_t times;
};

static const struct shim_member arm_members[] = {
    SHIM_LINK_MEMBER(struct arm),
    {"slot", SHIM_MEMBER_INT, true, offsetof(struct arm, slot), INT32_MIN, INT32_MAX},
    {"cb", SHIM_MEMBER_TEXT, true, offsetof(struct arm, cb), 0, 0},
    {"calls", SHIM_MEMBER_ANY, true, offsetof(struct arm, calls), 0, 0},
    {"times", SHIM_MEMBER_INT, false, offsetof(struct arm, times), 1, SHIM_REACTION_TIMES},
};

struct armed_call {
    int method;
    int params;
};

static const struct shim_member armed_call_members[] = {
    {"method", SHIM_MEMBER_TEXT, true, offsetof(struct armed_call, method), 0, 0},
    {"params", SHIM_MEMBER_ANY, true, offsetof(struct armed_call, params), 0, 0},
};

static enum shim_error prepare_armed(struct shim *shim, struct shim_request *request, int value, const struct arm *arm,
                                     bool is_again, struct shim_call **call)
{
    struct armed_call armed;
    if (!shim_json_is_object(request->json, value))
        return shim_misfit(request, "calls");
    if (!shim_members_take(request->json, value, SHIM_MEMBERS(armed_call_members), &armed, &request->misfit))
        return SHIM_ERROR_INVALID_PARAMS;
    enum shim_function fn = shim_calls_function(request->json, armed.method);
    if (fn == SHIM_FUNCTIONS)
        return shim_misfit(request, "method");
    if (!shim_json_is_object(request->json, armed.params))
        return shim_misfit(request, "params");
    const struct shim_call_wish wish = {
        .fn = fn,
        .json = request->json,
        .params = armed.params,
        .default_slot = (int)arm->slot,
        .is_again = is_again,
        .misfit = &request->misfit,
    };
    return shim_calls_prepare(shim, &wish, call);
}

/* Every firing has calls of its own, so that each has its room and its arguments. */
static enum shim_error prepare_all(struct shim *shim, struct shim_request *request, const struct arm *arm, unsigned each,
                                   struct shim_reaction *reaction, unsigned *made)
{
    for (unsigned firing = 0; firing < (unsigned)arm->times; firing++) {
        int value = arm->calls + 1;
        for (unsigned i = 0; i < each; i++) {
            enum shim_error error = prepare_armed(shim, request, value, arm, firing > 0, &reaction->calls[*made]);
            if (error != SHIM_OK)
                return error;
            ++*made;
            value = shim_json_after(request->json, value);
        }
    }
    return SHIM_OK;
}

static int find_callback(const struct shim_json *json, int value)
{
    int cb = 0;
    while (cb < SHIM_CALLBACKS && !shim_json_equals(json, value, shim_callback_name((enum shim_callback)cb)))
        cb++;
    return cb;
}

enum shim_error handle_react_arm(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct arm arm = {.times = 1};
    if (shim_take_params(request, SHIM_MEMBERS(arm_members), &arm) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    if (arm.slot < 0 || arm.slot >= SHIM_SLOTS)
        return SHIM_ERROR_NO_SUCH_SLOT;
    int cb = find_callback(request->json, arm.cb);
    if (cb == SHIM_CALLBACKS)
        return shim_misfit(request, "cb");
    int each = shim_json_is_array(request->json, arm.calls) ? request->json->tokens[arm.calls].size : 0;
    if (each < 1 || each > SHIM_REACTION_CALLS)
        return shim_misfit(request, "calls");
    shim_lock(shim);
    struct shim_reaction *reaction = shim_reactions_claim(shim);
    shim_unlock(shim);
    if (reaction == NULL)
        return SHIM_ERROR_BUSY;
    unsigned made = 0;
    enum shim_error error = prepare_all(shim, request, &arm, (unsigned)each, reaction, &made);
    if (error != SHIM_OK) {
        while (made > 0)
            drop(shim, reaction->calls[--made]);
        return error;
    }
    shim_lock(shim);
    reaction->number = ++shim->last_reaction;
    reaction->slot = (int8_t)arm.slot;
    reaction->cb = (uint8_t)cb;
    reaction->times = (uint8_t)arm.times;
    reaction->fired = 0;
    reaction->calls_each = (uint8_t)each;
    shim_unlock(shim);
    shim_text_raw(result, "{\"reaction\":");
    shim_text_uint(result, reaction->number);
    shim_text_char(result, '}');
    return SHIM_OK;
}

struct disarm {
    int64_t link;
    int64_t reaction;
};

static const struct shim_member disarm_members[] = {
    SHIM_LINK_MEMBER(struct disarm),
    {"reaction", SHIM_MEMBER_INT, true, offsetof(struct disarm, reaction), 1, UINT32_MAX},
};

enum shim_error handle_react_disarm(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct disarm disarm;
    if (shim_take_params(request, SHIM_MEMBERS(disarm_members), &disarm) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    shim_lock(shim);
    struct shim_reaction *reaction = shim_reactions_find(shim, (uint32_t)disarm.reaction);
    unsigned fired = reaction == NULL ? 0 : reaction->fired;
    if (reaction != NULL)
        shim_reactions_disarm(shim, reaction);
    shim_unlock(shim);
    if (reaction == NULL)
        return shim_misfit(request, "reaction");
    shim_text_raw(result, "{\"fired\":");
    shim_text_uint(result, fired);
    shim_text_char(result, '}');
    return SHIM_OK;
}
