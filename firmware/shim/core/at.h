/* The AT tunnel's grammar: which commands may go through it, and which lines end an answer. */
#ifndef SHIM_AT_H
#define SHIM_AT_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Whether a command only asks, or switches what a bench may switch (registration, functionality, clock). What writes settings, sends
 * messages, dials, unlocks or flashes is not in the table at_commands.def, and so can't be asked for.
 */
bool shim_at_allowed(const char *command);
/* Whether this line is a final result code. */
bool shim_at_final(const char *line, size_t length);

#endif
