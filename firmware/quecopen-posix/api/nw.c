/* Registration, signal, operator. */
#include <string.h>

#include "module.h"
#include "ql_api_nw.h"
#include "text.h"

/* 3GPP TS 27.007 +CSQ: 0 is -113 dBm or less, then 2 dB a step. */
static int rssi_of(int csq)
{
    return csq == 99 ? -113 : -113 + 2 * csq;
}

static unsigned char csq_now(const struct qlv_settings *settings)
{
    return (unsigned char)(qlv_module_radio().fun == 1 ? settings->csq : 99);
}

ql_nw_errcode_e ql_nw_get_csq(uint8_t sim, unsigned char *csq)
{
    if (sim != 0 || csq == NULL)
        return -1;
    const struct qlv_settings settings = qlv_module_settings();
    *csq = csq_now(&settings);
    return QL_NW_SUCCESS;
}

ql_nw_errcode_e ql_nw_get_reg_status(uint8_t sim, ql_nw_reg_status_info_s *info)
{
    if (sim != 0 || info == NULL)
        return -1;
    const struct qlv_settings settings = qlv_module_settings();
    memset(info, 0, sizeof *info);
    info->data_reg.state = (ql_nw_reg_state_e)qlv_module_registration();
    info->data_reg.act = QL_NW_ACCESS_TECH_E_UTRAN;
    if (qlv_module_is_registered()) {
        info->data_reg.lac = (int)settings.lac;
        info->data_reg.cid = (int)settings.cell;
    }
    info->voice_reg = info->data_reg;
    return QL_NW_SUCCESS;
}

ql_nw_errcode_e ql_nw_get_signal_strength(uint8_t sim, ql_nw_signal_strength_info_s *info)
{
    if (sim != 0 || info == NULL)
        return -1;
    const struct qlv_settings settings = qlv_module_settings();
    info->rssi = rssi_of(csq_now(&settings));
    info->bit_error_rate = 99;
    info->rsrq = (int)settings.rsrq;
    info->rsrp = (int)settings.rsrp;
    return QL_NW_SUCCESS;
}

ql_nw_errcode_e ql_nw_get_operator_name(uint8_t sim, ql_nw_operator_info_s *info)
{
    if (sim != 0 || info == NULL || !qlv_module_is_registered())
        return -1;
    const struct qlv_settings settings = qlv_module_settings();
    memset(info, 0, sizeof *info);
    const bool given = qlv_give_text(info->long_oper_name, sizeof info->long_oper_name, settings.operator_name) &&
                       qlv_give_text(info->short_oper_name, sizeof info->short_oper_name, settings.operator_name) &&
                       qlv_give_text(info->mcc, sizeof info->mcc, settings.mcc) &&
                       qlv_give_text(info->mnc, sizeof info->mnc, settings.mnc);
    return given ? QL_NW_SUCCESS : -1;
}
