/* Lines: bytes in, whole lines out, and the checksum at a line's end (docs/protocol.md §1). */
#ifndef SHIM_LINE_H
#define SHIM_LINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

/* Gathers bytes until an LF. `at` has room for a line without its LF. */
struct shim_line {
    char *at;
    size_t room;
    size_t used;
    bool too_long;
    bool whole;
};

enum shim_line_state {
    SHIM_LINE_OPEN,  /* more bytes are needed */
    SHIM_LINE_WHOLE, /* `used` bytes at `at`; CR dropped; never empty */
    SHIM_LINE_NOISE  /* it was longer than the limit */
};

void shim_line_init(struct shim_line *line, char *at, size_t room);
/* Takes bytes up to the first LF and tells in *taken how many. After WHOLE or NOISE the next push begins a line. */
enum shim_line_state shim_line_push(struct shim_line *line, const char *bytes, size_t count, size_t *taken);

enum shim_checksum {
    SHIM_CHECKSUM_GOOD, /* *length is cut to the JSON before it */
    SHIM_CHECKSUM_NONE, /* the line does not end in `*` and 8 hex digits */
    SHIM_CHECKSUM_BAD
};

enum shim_checksum shim_line_check(const char *line, size_t *length);
/* Appends `*`, the checksum of what is in `text` from `from` on, and LF. */
void shim_line_seal(struct shim_text *text, size_t from);

#endif
