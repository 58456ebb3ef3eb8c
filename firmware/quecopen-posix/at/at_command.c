#include "at_command.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "clock.h"
#include "module.h"
#include "ql_api_nw.h"
#include "ql_api_sim.h"
#include "qlv_clock.h"

/* What a command's handler works on. `value` is what follows "=" and is NULL unless the command sets something. */
struct call {
    struct qlv_at_session *session;
    struct qlv_settings settings;
    const char *value;
    enum qlv_at_end *end;
};

typedef enum qlv_at_result (*handler)(struct call *call);

/* NULL: this form of the command doesn't exist. "=?" is answered with OK for every command that does. */
struct row {
    const char *name;
    handler act;
    handler read;
    handler set;
};

static bool value_is(const struct call *call, const char *value)
{
    return strcmp(call->value, value) == 0;
}

static enum qlv_at_result nothing(struct call *call)
{
    (void)call;
    return QLV_AT_OK;
}

static enum qlv_at_result echo_off(struct call *call)
{
    call->session->has_echo = false;
    return QLV_AT_OK;
}

static enum qlv_at_result echo_on(struct call *call)
{
    call->session->has_echo = true;
    return QLV_AT_OK;
}

static enum qlv_at_result identify(struct call *call)
{
    qlv_at_say(call->session, "%s\r\n%s\r\nRevision: %s", call->settings.manufacturer, call->settings.model, call->settings.revision);
    return QLV_AT_OK;
}

static enum qlv_at_result manufacturer(struct call *call)
{
    qlv_at_say(call->session, "%s", call->settings.manufacturer);
    return QLV_AT_OK;
}

static enum qlv_at_result model(struct call *call)
{
    qlv_at_say(call->session, "%s", call->settings.model);
    return QLV_AT_OK;
}

static enum qlv_at_result revision(struct call *call)
{
    qlv_at_say(call->session, "+CGMR: %s", call->settings.revision);
    return QLV_AT_OK;
}

static enum qlv_at_result plain_revision(struct call *call)
{
    qlv_at_say(call->session, "%s", call->settings.revision);
    return QLV_AT_OK;
}

static enum qlv_at_result imei(struct call *call)
{
    qlv_at_say(call->session, "%s", call->settings.imei);
    return QLV_AT_OK;
}

/* The error that stands for a SIM that isn't ready. */
static enum qlv_at_result sim_result(const struct call *call)
{
    static const enum qlv_at_result results[] = {
        [QL_SIM_STATUS_READY] = QLV_AT_OK,
        [QL_SIM_STATUS_SIMPIN] = QLV_AT_SIM_PIN,
        [QL_SIM_STATUS_SIMPUK] = QLV_AT_SIM_PUK,
        [QL_SIM_STATUS_NOSIM] = QLV_AT_NO_SIM,
    };
    return results[call->settings.sim];
}

static enum qlv_at_result pin_state(struct call *call)
{
    static const char *const names[] = {
        [QL_SIM_STATUS_READY] = "READY", [QL_SIM_STATUS_SIMPIN] = "SIM PIN", [QL_SIM_STATUS_SIMPUK] = "SIM PUK"};
    if (call->settings.sim == QL_SIM_STATUS_NOSIM)
        return QLV_AT_NO_SIM;
    qlv_at_say(call->session, "+CPIN: %s", names[call->settings.sim]);
    return QLV_AT_OK;
}

static enum qlv_at_result imsi(struct call *call)
{
    const enum qlv_at_result ready = sim_result(call);
    if (ready == QLV_AT_OK)
        qlv_at_say(call->session, "%s", call->settings.imsi);
    return ready;
}

static enum qlv_at_result qccid(struct call *call)
{
    if (call->settings.sim == QL_SIM_STATUS_NOSIM)
        return QLV_AT_NO_SIM;
    qlv_at_say(call->session, "+QCCID: %s", call->settings.iccid);
    return QLV_AT_OK;
}

static enum qlv_at_result ccid(struct call *call)
{
    if (call->settings.sim == QL_SIM_STATUS_NOSIM)
        return QLV_AT_NO_SIM;
    qlv_at_say(call->session, "+CCID: %s", call->settings.iccid);
    return QLV_AT_OK;
}

static enum qlv_at_result signal_quality(struct call *call)
{
    unsigned char csq = 99;
    (void)ql_nw_get_csq(0, &csq);
    qlv_at_say(call->session, "+CSQ: %u,99", (unsigned)csq);
    return QLV_AT_OK;
}

static enum qlv_at_result say_registration(struct call *call, const char *name)
{
    const int state = qlv_module_registration();
    if (qlv_module_is_registered())
        qlv_at_say(call->session, "%s: 2,%d,\"%04X\",\"%08X\",%d", name, state, (unsigned)call->settings.lac,
                   (unsigned)call->settings.cell, QL_NW_ACCESS_TECH_E_UTRAN);
    else
        qlv_at_say(call->session, "%s: 2,%d", name, state);
    return QLV_AT_OK;
}

static enum qlv_at_result creg(struct call *call)
{
    return say_registration(call, "+CREG");
}

static enum qlv_at_result cgreg(struct call *call)
{
    return say_registration(call, "+CGREG");
}

static enum qlv_at_result cereg(struct call *call)
{
    return say_registration(call, "+CEREG");
}

static enum qlv_at_result operator_name(struct call *call)
{
    if (qlv_module_is_registered())
        qlv_at_say(call->session, "+COPS: 0,0,\"%s\",%d", call->settings.operator_name, QL_NW_ACCESS_TECH_E_UTRAN);
    else
        qlv_at_say(call->session, "+COPS: 0");
    return QLV_AT_OK;
}

static enum qlv_at_result attachment(struct call *call)
{
    qlv_at_say(call->session, "+CGATT: %d", qlv_module_is_registered() ? 1 : 0);
    return QLV_AT_OK;
}

static enum qlv_at_result set_attachment(struct call *call)
{
    if (!value_is(call, "0") && !value_is(call, "1"))
        return QLV_AT_BAD_PARAMETER;
    qlv_module_set_attached(value_is(call, "1"));
    return QLV_AT_OK;
}

static enum qlv_at_result addresses(struct call *call)
{
    for (int profile = 1; profile <= QLV_PROFILES; profile++) {
        if (qlv_module_call_is_up(profile))
            qlv_at_say(call->session, "+CGPADDR: %d,\"%s\"", profile, call->settings.ip);
    }
    return QLV_AT_OK;
}

static enum qlv_at_result functionality(struct call *call)
{
    qlv_at_say(call->session, "+CFUN: %u", (unsigned)qlv_module_radio().fun);
    return QLV_AT_OK;
}

static enum qlv_at_result set_functionality(struct call *call)
{
    if (value_is(call, "1,1")) {
        *call->end = QLV_AT_RESET;
        return QLV_AT_OK;
    }
    if (!value_is(call, "0") && !value_is(call, "1") && !value_is(call, "4") && !value_is(call, "0,0") && !value_is(call, "1,0") &&
        !value_is(call, "4,0"))
        return QLV_AT_BAD_PARAMETER;
    qlv_module_set_fun((uint8_t)(call->value[0] - '0'));
    return QLV_AT_OK;
}

static enum qlv_at_result error_form(struct call *call)
{
    qlv_at_say(call->session, "+CMEE: %d", call->session->error_form);
    return QLV_AT_OK;
}

static enum qlv_at_result set_error_form(struct call *call)
{
    if (strlen(call->value) != 1 || strchr("012", call->value[0]) == NULL)
        return QLV_AT_BAD_PARAMETER;
    call->session->error_form = call->value[0] - '0';
    return QLV_AT_OK;
}

/* "yy/MM/dd,hh:mm:ss±zz", zz in quarters of an hour; this module keeps UTC. */
static enum qlv_at_result clock_read(struct call *call)
{
    const time_t now = (time_t)qlv_unix_time();
    struct tm parts;
    char text[32];
    if (gmtime_r(&now, &parts) == NULL || strftime(text, sizeof text, "%y/%m/%d,%H:%M:%S", &parts) == 0)
        return QLV_AT_ERROR;
    qlv_at_say(call->session, "+CCLK: \"%s+00\"", text);
    return QLV_AT_OK;
}

static enum qlv_at_result clock_set(struct call *call)
{
    struct tm parts = {0};
    int quarters = 0;
    const int read = sscanf(call->value, "\"%2d/%2d/%2d,%2d:%2d:%2d%3d\"", &parts.tm_year, &parts.tm_mon, &parts.tm_mday,
                            &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &quarters);
    if (read < 6 || parts.tm_mon < 1 || parts.tm_mon > 12 || parts.tm_mday < 1 || parts.tm_mday > 31 || parts.tm_hour > 23 ||
        parts.tm_min > 59 || parts.tm_sec > 59)
        return QLV_AT_BAD_PARAMETER;
    parts.tm_year += 100;
    parts.tm_mon -= 1;
    qlv_clock_set((int64_t)timegm(&parts) - quarters * 900);
    return QLV_AT_OK;
}

static enum qlv_at_result power_down(struct call *call)
{
    *call->end = QLV_AT_POWER_DOWN;
    return QLV_AT_OK;
}

static enum qlv_at_result set_power_down(struct call *call)
{
    return value_is(call, "0") || value_is(call, "1") ? power_down(call) : QLV_AT_BAD_PARAMETER;
}

static enum qlv_at_result set_download(struct call *call)
{
    if (!value_is(call, "1"))
        return QLV_AT_BAD_PARAMETER;
    *call->end = QLV_AT_DOWNLOAD;
    return QLV_AT_OK;
}

static const struct row rows[] = {
    {"", nothing, NULL, NULL},
    {"E0", echo_off, NULL, NULL},
    {"E", echo_off, NULL, NULL},
    {"E1", echo_on, NULL, NULL},
    {"V1", nothing, NULL, NULL},
    {"Z", nothing, NULL, NULL},
    {"&F", echo_on, NULL, NULL},
    {"I", identify, NULL, NULL},
    {"+CGMI", manufacturer, NULL, NULL},
    {"+GMI", manufacturer, NULL, NULL},
    {"+CGMM", model, NULL, NULL},
    {"+GMM", model, NULL, NULL},
    {"+CGMR", revision, NULL, NULL},
    {"+GMR", plain_revision, NULL, NULL},
    {"+QGMR", plain_revision, NULL, NULL},
    {"+CGSN", imei, NULL, NULL},
    {"+GSN", imei, NULL, NULL},
    {"+CPIN", NULL, pin_state, NULL},
    {"+CIMI", imsi, NULL, NULL},
    {"+QCCID", qccid, NULL, NULL},
    {"+CCID", ccid, NULL, NULL},
    {"+CSQ", signal_quality, NULL, NULL},
    {"+CREG", NULL, creg, nothing},
    {"+CGREG", NULL, cgreg, nothing},
    {"+CEREG", NULL, cereg, nothing},
    {"+COPS", NULL, operator_name, nothing},
    {"+CGATT", NULL, attachment, set_attachment},
    {"+CGPADDR", addresses, NULL, addresses},
    {"+CFUN", NULL, functionality, set_functionality},
    {"+CMEE", NULL, error_form, set_error_form},
    {"+CCLK", NULL, clock_read, clock_set},
    {"+QPOWD", power_down, NULL, set_power_down},
    {"+QDOWNLOAD", NULL, NULL, set_download},
};

const char *qlv_at_result_text(enum qlv_at_result result)
{
    switch (result) {
    case QLV_AT_NOT_ALLOWED:
        return "operation not allowed";
    case QLV_AT_NO_SIM:
        return "SIM not inserted";
    case QLV_AT_SIM_PIN:
        return "SIM PIN required";
    case QLV_AT_SIM_PUK:
        return "SIM PUK required";
    case QLV_AT_BAD_PARAMETER:
        return "incorrect parameters";
    case QLV_AT_OK:
    case QLV_AT_ERROR:
        break;
    }
    return "unknown";
}

/* Compares without regard to case; the command's name ends where its form begins. */
static bool is_named(const struct row *row, const char *name, size_t width)
{
    if (strlen(row->name) != width)
        return false;
    for (size_t i = 0; i < width; i++) {
        if (toupper((unsigned char)name[i]) != row->name[i])
            return false;
    }
    return true;
}

static const struct row *find_row(const char *name, size_t width)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (is_named(&rows[i], name, width))
            return &rows[i];
    }
    return NULL;
}

static void trim(char *command)
{
    size_t length = strlen(command);
    while (length > 0 && command[length - 1] == ' ')
        command[--length] = '\0';
}

enum qlv_at_result qlv_at_run(struct qlv_at_session *session, const char *text, enum qlv_at_end *end)
{
    char command[QLV_AT_LINE_BYTES];
    snprintf(command, sizeof command, "%s", text + strspn(text, " "));
    trim(command);
    const size_t width = strcspn(command, "?=");
    const char *form = command + width;
    const struct row *row = find_row(command, width);
    if (row == NULL)
        return QLV_AT_ERROR;
    if (strcmp(form, "=?") == 0)
        return QLV_AT_OK;
    struct call call = {.session = session, .settings = qlv_module_settings(), .value = form + 1, .end = end};
    const handler act = *form == '\0' ? row->act : strcmp(form, "?") == 0 ? row->read : *form == '=' ? row->set : NULL;
    return act == NULL ? QLV_AT_ERROR : act(&call);
}
