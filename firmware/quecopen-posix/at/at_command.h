/* The table of AT commands. */
#ifndef QLV_AT_COMMAND_H
#define QLV_AT_COMMAND_H

#include "at_session.h"

/* +CME ERROR numbers of 3GPP TS 27.007 in use here; 0 stands for a plain ERROR. */
enum qlv_at_result {
    QLV_AT_OK = -1,
    QLV_AT_ERROR = 0,
    QLV_AT_NOT_ALLOWED = 3,
    QLV_AT_NO_SIM = 10,
    QLV_AT_SIM_PIN = 11,
    QLV_AT_SIM_PUK = 12,
    QLV_AT_BAD_PARAMETER = 50
};

const char *qlv_at_result_text(enum qlv_at_result result);

/* `command` is one command without "AT", such as "+CSQ" or "E0". */
enum qlv_at_result qlv_at_run(struct qlv_at_session *session, const char *command, enum qlv_at_end *end);

#endif
