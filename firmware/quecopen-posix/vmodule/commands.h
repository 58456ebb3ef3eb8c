#ifndef QLV_COMMANDS_H
#define QLV_COMMANDS_H

#include "machine.h"

/* Obeys one control line and answers it with a "control" event. */
void qlv_command_run(struct qlv_machine *machine, const char *line);

/* Answers a line that was too long to be read whole. */
void qlv_command_refuse(const char *line, const char *why);

#endif
