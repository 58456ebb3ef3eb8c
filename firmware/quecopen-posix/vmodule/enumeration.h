/* What the USB host sees of the module: ttys and the folders that describe them. */
#ifndef QLV_ENUMERATION_H
#define QLV_ENUMERATION_H

#include <stddef.h>

#include "interfaces.h"
#include "machine.h"

/* tty numbers go round, as the kernel's do when old ones are free again. */
#define QLV_TTY_NUMBERS 64

/* Opens the PTYs of the normal ports and describes them in `device`; -1 in `masters` from the first that failed. */
bool qlv_enumeration_open(struct qlv_machine *machine, int masters[QLV_INTERFACE_COUNT]);
void qlv_enumeration_close(const int masters[QLV_INTERFACE_COUNT]);

/* "2,3,7,8", or with descriptors "2:5,3:6,7:7,8:9". */
void qlv_enumeration_list(const int masters[QLV_INTERFACE_COUNT], bool with_fds, char *text, size_t room);

/* Plugs `device` in: the folders, then the event. */
bool qlv_enumeration_show(struct qlv_machine *machine, const char *mode);
void qlv_enumeration_hide(struct qlv_machine *machine);

#endif
