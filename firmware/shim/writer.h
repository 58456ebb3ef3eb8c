/* What goes out: answers first, then events, as many in a line as fit. */
#ifndef SHIM_WRITER_H
#define SHIM_WRITER_H

#include "core/text.h"
#include "shim.h"

/* Composes the next line with checksum and LF in `text`, which has room for SHIM_LINE_OUT bytes. False when there is nothing to send. */
bool shim_compose(struct shim *shim, struct shim_text *text);

#endif
