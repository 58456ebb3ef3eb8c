/* Registration, signal, operator. */
#ifndef QL_API_NW_H
#define QL_API_NW_H

#include "ql_osi_def.h"

typedef int ql_nw_errcode_e;
#define QL_NW_SUCCESS 0

/* 3GPP TS 27.007, +CREG <stat>. */
typedef enum {
    QL_NW_REG_STATE_NOT_REGISTERED = 0,
    QL_NW_REG_STATE_HOME_NETWORK = 1,
    QL_NW_REG_STATE_TRYING_ATTACH_OR_SEARCHING = 2,
    QL_NW_REG_STATE_DENIED = 3,
    QL_NW_REG_STATE_UNKNOWN = 4,
    QL_NW_REG_STATE_ROAMING = 5
} ql_nw_reg_state_e;

/* 3GPP TS 27.007, +CREG <AcT>. */
typedef enum { QL_NW_ACCESS_TECH_GSM = 0, QL_NW_ACCESS_TECH_E_UTRAN = 7 } ql_nw_act_type_e;

typedef struct {
    ql_nw_reg_state_e state;
    int lac;
    int cid;
    ql_nw_act_type_e act;
} ql_nw_common_reg_status_info_s;

typedef struct {
    ql_nw_common_reg_status_info_s voice_reg;
    ql_nw_common_reg_status_info_s data_reg;
} ql_nw_reg_status_info_s;

/* dBm, dBm and dB; bit_error_rate 99 = unknown. */
typedef struct {
    int rssi;
    int bit_error_rate;
    int rsrq;
    int rsrp;
} ql_nw_signal_strength_info_s;

typedef struct {
    char long_oper_name[64];
    char short_oper_name[32];
    char mcc[4];
    char mnc[4];
} ql_nw_operator_info_s;

/* 0..31, or 99 when unknown. */
ql_nw_errcode_e ql_nw_get_csq(uint8_t sim, unsigned char *csq);
ql_nw_errcode_e ql_nw_get_reg_status(uint8_t sim, ql_nw_reg_status_info_s *info);
ql_nw_errcode_e ql_nw_get_signal_strength(uint8_t sim, ql_nw_signal_strength_info_s *info);
ql_nw_errcode_e ql_nw_get_operator_name(uint8_t sim, ql_nw_operator_info_s *info);

#endif
