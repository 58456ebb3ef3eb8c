/* The data call as applications see it. */
#include <arpa/inet.h>
#include <string.h>

#include "call_listeners.h"
#include "module.h"
#include "ql_api_datacall.h"

/* Set by the application's start-up before anything else uses it, one byte a profile. */
static volatile bool is_asynchronous[QLV_PROFILES + 1];

static bool is_known(uint8_t sim, int profile)
{
    return sim == 0 && profile >= 1 && profile <= QLV_PROFILES;
}

ql_datacall_errcode_e ql_network_register_wait(uint8_t sim, unsigned int timeout_s)
{
    const unsigned int most_s = 4000000u;
    if (sim != 0)
        return -1;
    return qlv_module_wait_registered((timeout_s < most_s ? timeout_s : most_s) * 1000u) ? QL_DATACALL_SUCCESS : -1;
}

ql_datacall_errcode_e ql_set_data_call_asyn_mode(uint8_t sim, int profile, bool asynchronous)
{
    if (!is_known(sim, profile))
        return -1;
    is_asynchronous[profile] = asynchronous;
    return QL_DATACALL_SUCCESS;
}

ql_datacall_errcode_e ql_start_data_call(uint8_t sim, int profile, int ip_version, char *apn, char *user, char *pass, int auth)
{
    (void)apn;
    (void)user;
    (void)pass;
    (void)auth;
    if (!is_known(sim, profile) || ip_version < QL_PDP_TYPE_IP || ip_version > QL_PDP_TYPE_IPV4V6)
        return -1;
    if (qlv_module_call_is_up(profile))
        return -1;
    const bool up = qlv_module_start_call(profile);
    if (!is_asynchronous[profile])
        return up ? QL_DATACALL_SUCCESS : -1;
    qlv_call_answered(profile, QUEC_DATACALL_ACT_RSP_IND, up);
    return QL_DATACALL_SUCCESS;
}

ql_datacall_errcode_e ql_stop_data_call(uint8_t sim, int profile)
{
    if (!is_known(sim, profile))
        return -1;
    const bool was_up = qlv_module_stop_call(profile);
    if (is_asynchronous[profile])
        qlv_call_answered(profile, QUEC_DATACALL_DEACT_RSP_IND, was_up);
    return was_up ? QL_DATACALL_SUCCESS : -1;
}

ql_datacall_errcode_e ql_get_data_call_info(uint8_t sim, int profile, ql_data_call_info_s *info)
{
    if (!is_known(sim, profile) || info == NULL)
        return -1;
    const struct qlv_settings settings = qlv_module_settings();
    memset(info, 0, sizeof *info);
    info->profile_idx = profile;
    info->ip_version = QL_PDP_TYPE_IP;
    if (qlv_module_call_is_up(profile)) {
        info->v4.state = QL_PDP_ACTIVED;
        info->v4.addr.ip.addr = inet_addr(settings.ip);
        info->v4.addr.pri_dns.addr = inet_addr("127.0.0.53");
    }
    return QL_DATACALL_SUCCESS;
}

#if QL_SDK_GENERATION >= 2
ql_datacall_errcode_e ql_bind_sim_and_profile(uint8_t sim, int profile, uint16_t *sim_cid)
{
    if (!is_known(sim, profile) || sim_cid == NULL)
        return -1;
    *sim_cid = (uint16_t)(((unsigned int)sim << 5) | (unsigned int)profile);
    return QL_DATACALL_SUCCESS;
}
#endif
