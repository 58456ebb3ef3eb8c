/* The supervisor's end of the line to the firmware. */
#ifndef QLV_FIRMWARE_LINK_H
#define QLV_FIRMWARE_LINK_H

#include <stdbool.h>
#include <stddef.h>

#include "machine.h"

/* Sends a message and waits for its answer. True too when there is no firmware: the next boot reads the settings anyway. */
bool qlv_firmware_ask(struct qlv_machine *machine, const char *text, const int *fds, size_t fd_count, char *why, size_t why_bytes);

/* Takes what the firmware says unasked. */
void qlv_firmware_listen(struct qlv_machine *machine);

#endif
