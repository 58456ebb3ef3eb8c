/* The SIM. */
#include "module.h"
#include "ql_api_sim.h"
#include "text.h"

ql_sim_errcode_e ql_sim_get_iccid(uint8_t sim, char *text, size_t room)
{
    const struct qlv_settings settings = qlv_module_settings();
    const bool readable = sim == 0 && settings.sim != QL_SIM_STATUS_NOSIM;
    return readable && qlv_give_text(text, room, settings.iccid) ? QL_SIM_SUCCESS : -1;
}

ql_sim_errcode_e ql_sim_get_imsi(uint8_t sim, char *text, size_t room)
{
    const struct qlv_settings settings = qlv_module_settings();
    const bool readable = sim == 0 && settings.sim == QL_SIM_STATUS_READY;
    return readable && qlv_give_text(text, room, settings.imsi) ? QL_SIM_SUCCESS : -1;
}

ql_sim_errcode_e ql_sim_get_card_status(uint8_t sim, ql_sim_status_e *status)
{
    if (sim != 0 || status == NULL)
        return -1;
    *status = (ql_sim_status_e)qlv_module_settings().sim;
    return QL_SIM_SUCCESS;
}
