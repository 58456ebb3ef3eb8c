/* The data call (PDP context). */
#ifndef QL_API_DATACALL_H
#define QL_API_DATACALL_H

#include "ql_osi_def.h"

/* Error codes are component << 16 | number; only 0 has a meaning to an application. */
typedef int ql_datacall_errcode_e;
#define QL_DATACALL_SUCCESS 0

#define QL_PDP_TYPE_IP 1
#define QL_PDP_TYPE_IPV6 2
#define QL_PDP_TYPE_IPV4V6 3

/* Indications of the data call's callback. */
#define QUEC_DATACALL_ACT_RSP_IND 0x00080001u
#define QUEC_DATACALL_DEACT_RSP_IND 0x00080002u
#define QUEC_DATACALL_PDP_DEACTIVE_IND 0x00080003u

typedef enum { QL_PDP_DEACTIVED = 0, QL_PDP_ACTIVED = 1 } ql_pdp_state_e;

/* `addr` in network byte order. */
struct ql_datacall_ip4 {
    uint32_t addr;
};

typedef struct {
    struct ql_datacall_ip4 ip;
    struct ql_datacall_ip4 pri_dns;
    struct ql_datacall_ip4 sec_dns;
} v4_address_status;

typedef struct {
    ql_pdp_state_e state;
    int reconnect;
    v4_address_status addr;
} v4_info;

typedef struct {
    int profile_idx;
    int ip_version;
    v4_info v4;
} ql_data_call_info_s;

typedef void (*ql_datacall_callback)(uint8_t sim, unsigned int ind_type, int profile, bool result, void *ctx);

/* 0 once registered, an error after timeout_s seconds. */
ql_datacall_errcode_e ql_network_register_wait(uint8_t sim, unsigned int timeout_s);
ql_datacall_errcode_e ql_set_data_call_asyn_mode(uint8_t sim, int profile, bool asynchronous);
ql_datacall_errcode_e ql_start_data_call(uint8_t sim, int profile, int ip_version, char *apn, char *user, char *pass, int auth);
ql_datacall_errcode_e ql_stop_data_call(uint8_t sim, int profile);
ql_datacall_errcode_e ql_get_data_call_info(uint8_t sim, int profile, ql_data_call_info_s *info);
ql_datacall_errcode_e ql_datacall_register_cb(uint8_t sim, int profile, ql_datacall_callback callback, void *ctx);

#if QL_SDK_GENERATION >= 2
/* The cid that ql_mqtt_client_init takes: sim << 5 | profile. */
ql_datacall_errcode_e ql_bind_sim_and_profile(uint8_t sim, int profile, uint16_t *sim_cid);
#endif

#endif
