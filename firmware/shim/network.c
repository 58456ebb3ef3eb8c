#include "network.h"

#include <stddef.h>
#include <string.h>

#include "answering.h"
#include "dispatch.h"
#include "log.h"
#include "ql_api_datacall.h"
#include "ql_api_nw.h"

#ifndef SHIM_APN
#define SHIM_APN ""
#endif
#define SIM 0
#define PROFILE 1
#define START_TRIES 120
#define UP_REGISTER_S 30

/* Whoever sees a change tells the job task to look; what changed is told from there. */
static void on_datacall(uint8_t sim, unsigned int ind_type, int profile, bool result, void *ctx)
{
    (void)sim;
    (void)ind_type;
    (void)profile;
    (void)result;
    (void)ctx;
    ql_rtos_semaphore_release(shim_the.job_work);
}

static int start_call(struct shim *shim, int profile, char *apn)
{
    ql_set_data_call_asyn_mode(SIM, profile, false);
    ql_datacall_register_cb(SIM, profile, on_datacall, NULL);
    int error = ql_start_data_call(SIM, profile, QL_PDP_TYPE_IP, apn, NULL, NULL, 0);
    if (error == 0)
        shim->network.profile = profile;
    return error;
}

static bool has_job(struct shim *shim)
{
    shim_lock(shim);
    bool is_set = shim->job.is_set;
    shim_unlock(shim);
    return is_set;
}

void shim_network_start(struct shim *shim)
{
    char apn[] = SHIM_APN;
    for (int i = 0; i < START_TRIES && !has_job(shim); i++) {
        if (ql_network_register_wait(SIM, 1) == 0) {
            start_call(shim, PROFILE, apn);
            return;
        }
    }
}

/* By <stat> of +CREG (3GPP TS 27.007). */
static const char *registration(void)
{
    static const char *const names[] = {"none", "home", "searching", "denied", "unknown", "roaming"};
    ql_nw_reg_status_info_s info;
    memset(&info, 0, sizeof info);
    if (ql_nw_get_reg_status(SIM, &info) != 0 || (size_t)info.data_reg.state >= sizeof names / sizeof names[0])
        return "unknown";
    return names[info.data_reg.state];
}

static bool is_up(int profile, uint32_t *address)
{
    ql_data_call_info_s info;
    memset(&info, 0, sizeof info);
    bool up = ql_get_data_call_info(SIM, profile, &info) == 0 && info.v4.state != 0;
    /* In network byte order, as it lies in memory. */
    memcpy(address, &info.v4.addr.ip, sizeof *address);
    return up;
}

static void tell(struct shim *shim, const char *what, const char **last, const char *value)
{
    /* The first look at start is no change. */
    bool is_first = *last == NULL;
    if (!is_first && strcmp(*last, value) == 0)
        return;
    *last = value;
    if (is_first)
        return;
    struct shim_event event = {
        .kind = SHIM_EVENT_NETWORK,
        .slot = -1,
        .text = shim_digest_text(what, strlen(what), SHIM_WHY_KEPT),
        .more = shim_digest_text(value, strlen(value), SHIM_WHY_KEPT),
    };
    shim_lock(shim);
    shim_log_or_lose(shim, &event, 0, SHIM_LOSS_NETWORK);
    shim_unlock(shim);
}

static void put_address(struct shim_text *text, bool up, uint32_t address)
{
    uint8_t parts[4];
    memcpy(parts, &address, sizeof parts);
    if (!up) {
        shim_text_raw(text, "null");
        return;
    }
    shim_text_char(text, '"');
    for (int i = 0; i < 4; i++) {
        if (i > 0)
            shim_text_char(text, '.');
        shim_text_uint(text, parts[i]);
    }
    shim_text_char(text, '"');
}

static void do_up(struct shim *shim, struct shim_job *job)
{
    char room[48];
    struct shim_text text;
    uint32_t address = 0;
    int error = ql_network_register_wait(SIM, UP_REGISTER_S);
    if (error == 0)
        error = start_call(shim, job->profile, job->apn);
    if (error != 0) {
        shim_answer_later(shim, job->session, job->id, NULL, SHIM_ERROR_NETWORK_FAILED, error);
        return;
    }
    bool up = is_up(job->profile, &address);
    shim_text_init(&text, room, sizeof room - 1);
    shim_text_raw(&text, "{\"address\":");
    put_address(&text, up, address);
    shim_text_char(&text, '}');
    room[text.used] = '\0';
    shim_answer_later(shim, job->session, job->id, room, SHIM_OK, 0);
}

static void do_down(struct shim *shim, const struct shim_job *job)
{
    int error = ql_stop_data_call(SIM, job->profile);
    shim_answer_later(shim, job->session, job->id, "{}", error == 0 ? SHIM_OK : SHIM_ERROR_NETWORK_FAILED, error);
}

void shim_network_step(struct shim *shim)
{
    uint32_t address;
    shim_lock(shim);
    struct shim_job job = shim->job;
    shim_unlock(shim);
    if (job.is_set && job.up)
        do_up(shim, &job);
    else if (job.is_set)
        do_down(shim, &job);
    if (job.is_set) {
        shim_lock(shim);
        shim->job.is_set = false;
        shim_unlock(shim);
    }
    tell(shim, "registration", &shim->network.registration, registration());
    tell(shim, "data-call", &shim->network.data_call, is_up(shim->network.profile, &address) ? "up" : "down");
}

enum shim_error handle_network_status(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    if (shim_take_nothing(request) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    unsigned char csq = 99;
    uint32_t address = 0;
    const char *state = registration();
    bool up = is_up(shim->network.profile, &address);
    ql_nw_get_csq(SIM, &csq);
    bool registered = strcmp(state, "home") == 0 || strcmp(state, "roaming") == 0;
    shim_text_raw(result, registered ? "{\"registered\":true" : "{\"registered\":false");
    shim_text_raw(result, up ? ",\"dataCall\":true,\"address\":" : ",\"dataCall\":false,\"address\":");
    put_address(result, up, address);
    shim_text_raw(result, ",\"csq\":");
    shim_text_uint(result, csq);
    shim_text_char(result, '}');
    return SHIM_OK;
}

struct network {
    int64_t link;
    int64_t profile;
    int apn;
};

static const struct shim_member up_members[] = {
    SHIM_LINK_MEMBER(struct network),
    {"profile", SHIM_MEMBER_INT, true, offsetof(struct network, profile), 1, 7},
    {"apn", SHIM_MEMBER_ANY, true, offsetof(struct network, apn), 0, 0},
};

static const struct shim_member down_members[] = {
    SHIM_LINK_MEMBER(struct network),
    {"profile", SHIM_MEMBER_INT, true, offsetof(struct network, profile), 1, 7},
};

static enum shim_error set_job(struct shim *shim, struct shim_request *request, struct shim_job *job)
{
    job->is_set = true;
    job->id = request->id;
    job->session = shim->session.number;
    shim_lock(shim);
    bool was_set = shim->job.is_set;
    if (!was_set)
        shim->job = *job;
    shim_unlock(shim);
    if (was_set)
        return SHIM_ERROR_BUSY;
    ql_rtos_semaphore_release(shim->job_work);
    return SHIM_LATER;
}

enum shim_error handle_network_up(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct network network;
    struct shim_job job = {.up = true};
    (void)result;
    if (shim_take_params(request, SHIM_MEMBERS(up_members), &network) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    bool is_given = !shim_json_is_null(request->json, network.apn);
    if (is_given && (!shim_json_is_string(request->json, network.apn) ||
                     !shim_json_string_get(request->json, network.apn, job.apn, sizeof job.apn)))
        return shim_misfit(request, "apn");
    job.profile = (int)network.profile;
    return set_job(shim, request, &job);
}

enum shim_error handle_network_down(struct shim *shim, struct shim_request *request, struct shim_text *result)
{
    struct network network;
    struct shim_job job = {.up = false};
    (void)result;
    if (shim_take_params(request, SHIM_MEMBERS(down_members), &network) != SHIM_OK)
        return SHIM_ERROR_INVALID_PARAMS;
    job.profile = (int)network.profile;
    return set_job(shim, request, &job);
}
