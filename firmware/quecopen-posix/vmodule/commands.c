#include "commands.h"

#include <stdio.h>
#include <string.h>

#include "control_message.h"
#include "events.h"
#include "firmware_link.h"
#include "qlv_exit.h"

#define WHY_BYTES 256

struct command {
    const char *name;
    /* `rest` is what follows the name. */
    bool (*run)(struct qlv_machine *machine, const char *rest, char *why);
};

static bool refuse(char *why, const char *text)
{
    snprintf(why, WHY_BYTES, "%s", text);
    return false;
}

/* First here, which checks the value and keeps it for later boots, then in the firmware that runs. */
static bool set(struct qlv_machine *machine, const char *rest, char *why)
{
    char text[QLV_MESSAGE_BYTES];
    const size_t width = strcspn(rest, " ");
    if (width == 0 || rest[width] == '\0')
        return refuse(why, "set KEY VALUE");
    const int length = snprintf(text, sizeof text, "set %.*s=%s", (int)width, rest, rest + width + 1);
    if (length < 0 || (size_t)length >= sizeof text)
        return refuse(why, "line too long");
    return qlv_settings_assign(&machine->settings, text + 4, why, WHY_BYTES) &&
           qlv_firmware_ask(machine, text, NULL, 0, why, WHY_BYTES);
}

static bool kill_firmware(struct qlv_machine *machine, const char *rest, char *why)
{
    (void)rest;
    return qlv_machine_kill(machine, NULL) || refuse(why, "no firmware runs");
}

static bool reset(struct qlv_machine *machine, const char *rest, char *why)
{
    (void)rest;
    return qlv_machine_kill(machine, QLV_CAUSE_PIN_RESET) || refuse(why, "no firmware runs");
}

static bool unplug(struct qlv_machine *machine, const char *rest, char *why)
{
    (void)rest;
    return qlv_machine_unplug(machine) || refuse(why, "no cable is plugged in");
}

static bool plug(struct qlv_machine *machine, const char *rest, char *why)
{
    (void)rest;
    return qlv_machine_plug(machine) || refuse(why, "the cable can't be plugged in, or is");
}

static bool power(struct qlv_machine *machine, const char *rest, char *why)
{
    const bool on = strcmp(rest, "on") == 0;
    if (!on && strcmp(rest, "off") != 0)
        return refuse(why, "power on, or power off");
    return qlv_machine_power(machine, on) || refuse(why, on ? "it is on" : "it is off");
}

static bool quit(struct qlv_machine *machine, const char *rest, char *why)
{
    (void)rest;
    (void)why;
    machine->is_finished = true;
    return true;
}

static const struct command commands[] = {
    {"set", set},   {"kill", kill_firmware}, {"reset", reset}, {"unplug", unplug},
    {"plug", plug}, {"power", power},        {"quit", quit},
};

static bool run(struct qlv_machine *machine, const char *line, char *why)
{
    const size_t width = strcspn(line, " ");
    for (size_t i = 0; i < sizeof commands / sizeof *commands; i++) {
        if (strlen(commands[i].name) == width && strncmp(commands[i].name, line, width) == 0)
            return commands[i].run(machine, line + width + strspn(line + width, " "), why);
    }
    return refuse(why, "unknown control line");
}

static void answer(const char *line, bool done, const char *why)
{
    qlv_event_begin("control");
    qlv_event_bool("ok", done);
    qlv_event_text("line", line);
    if (!done)
        qlv_event_text("why", why);
    (void)qlv_event_end();
}

void qlv_command_run(struct qlv_machine *machine, const char *line)
{
    char why[WHY_BYTES] = "";
    const bool done = run(machine, line, why);
    answer(line, done, why);
}

void qlv_command_refuse(const char *line, const char *why)
{
    answer(line, false, why);
}
