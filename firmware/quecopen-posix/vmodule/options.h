#ifndef QLV_OPTIONS_H
#define QLV_OPTIONS_H

#include "settings.h"

#define QLV_EXIT_USAGE 2

struct qlv_options {
    char dir[2048]; /* absolute */
    struct qlv_settings settings;
    bool has_revision;
    const char *boot_rom; /* NULL without one */
};

/* Ends the process on -h (0) and, with a usage line, on anything it doesn't know (2). */
void qlv_options_parse(struct qlv_options *options, int argc, char **argv);

#endif
