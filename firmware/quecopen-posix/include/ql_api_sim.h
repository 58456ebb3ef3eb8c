/* The SIM. */
#ifndef QL_API_SIM_H
#define QL_API_SIM_H

#include "ql_osi_def.h"

typedef int ql_sim_errcode_e;
#define QL_SIM_SUCCESS 0

typedef enum {
    QL_SIM_STATUS_READY = 0,
    QL_SIM_STATUS_SIMPIN,
    QL_SIM_STATUS_SIMPUK,
    QL_SIM_STATUS_NOSIM,
    QL_SIM_STATUS_UNKNOW
} ql_sim_status_e;

/* Fail without a ready SIM. */
ql_sim_errcode_e ql_sim_get_iccid(uint8_t sim, char *text, size_t room);
ql_sim_errcode_e ql_sim_get_imsi(uint8_t sim, char *text, size_t room);
ql_sim_errcode_e ql_sim_get_card_status(uint8_t sim, ql_sim_status_e *status);

#endif
