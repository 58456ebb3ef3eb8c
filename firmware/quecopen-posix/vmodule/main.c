/* One program in two roles: the supervisor, and, started by it, the firmware. */
#include <string.h>

#include "firmware_main.h"
#include "options.h"
#include "supervisor.h"

int main(int argc, char **argv)
{
    struct qlv_options options;
    if (argc == 2 && strcmp(argv[1], QLV_FIRMWARE_ARGUMENT) == 0)
        qlv_firmware_main();
    qlv_options_parse(&options, argc, argv);
    return qlv_supervise(&options);
}
