#include "options.h"

#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "ql_osi_def.h"

#define DEFAULT_SKU "EG500U-CN"

struct sku {
    const char *name;
    const char *model;
    const char *variant;
    const char *manual_release;
    const char *r03_release;
};

static const struct sku skus[] = {
#define SKU(name, model, variant, manual, r03) {name, model, variant, manual, r03},
#include "skus.def"
#undef SKU
};
#define SKUS (sizeof skus / sizeof *skus)

static const char usage[] = "usage: qlhil-vmodule --dir DIR [--sku SKU] [--revision TEXT] [--imei NUMBER] [--personality NAME]\n"
                            "                     [--defect NAME]… [--seed NUMBER] [--set KEY=VALUE]… [--boot-rom COMMAND] [-h]\n";

static void print_help(void)
{
    fputs(usage, stdout);
    fputs("\nA virtual QuecOpen module: supervises the firmware, which runs as a child process behind PTYs, and plays its USB cable.\n"
          "\n"
          "  --dir DIR            folder of this module; made if need be, one supervisor at a time. In it:\n"
          "                         dev/ttyUSB*   links to the ports, as long as they are plugged in\n"
          "                         sys/          what is plugged in, in the shape of /sys\n"
          "                         ufs/          the module's files      log/child.log   the firmware's log\n"
          "                         state/revision  if the boot ROM's command writes it: the revision from the next boot on\n"
          "  --sku SKU            one of:",
          stdout);
    for (size_t i = 0; i < SKUS; i++)
        printf("%s%s", i % 6 == 0 && i > 0 ? "\n                         " : " ", skus[i].name);
    fputs(" (" DEFAULT_SKU ")\n"
          "  --revision TEXT      firmware revision that it reports (made from the SKU)\n"
          "  --imei NUMBER        15 digits\n"
          "  --personality NAME   how the MQTT client behaves where the manual is silent\n"
          "  --defect NAME        a fault to have; may be given again\n"
          "  --seed NUMBER        for whatever the personality draws\n"
          "  --set KEY=VALUE      see below; may be given again\n"
          "  --boot-rom COMMAND   run by sh when the firmware enters download mode, with QLHIL_ROM_TTY_FD naming the\n"
          "                       descriptor of the download port's PTY master, which reads as an I/O error while the host has\n"
          "                       the port closed; when it ends, the module boots\n"
          "\nKeys of --set, and of the control line `set KEY VALUE`:\n",
          stdout);
    qlv_settings_explain(stdout);
    fputs("\nControl lines on stdin, or written to the FIFO DIR/control:\n"
          "  set KEY VALUE   at once, and for every later boot\n"
          "  kill            the firmware dies (a panic)      reset       as by the reset pin\n"
          "  unplug, plug    the USB cable; the module runs on without it\n"
          "  power off|on    the supply; `power on` also wakes a module that powered down\n"
          "  quit            or end of file: everything ends\n"
          "\nOn stdout one JSON object a line: plugged, unplugged, ended, control, failed.\n"
          "\nexit code: 0 told to end · 1 cannot run, or the firmware dies at once again and again · 2 usage\n",
          stdout);
}

__attribute__((noreturn, format(printf, 1, 2))) static void refuse(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("qlhil-vmodule: ", stderr);
    vfprintf(stderr, format, args);
    va_end(args);
    fprintf(stderr, "\n%s", usage);
    exit(QLV_EXIT_USAGE);
}

static void assign(struct qlv_options *options, const char *assignment)
{
    char why[256];
    if (!qlv_settings_assign(&options->settings, assignment, why, sizeof why))
        refuse("--set %s: %s", assignment, why);
}

static void assign_key(struct qlv_options *options, const char *option, const char *key, const char *value)
{
    char why[256];
    if (!qlv_settings_set(&options->settings, key, value, why, sizeof why))
        refuse("%s %s: %s", option, value, why);
}

static void add_defect(struct qlv_options *options, const char *name)
{
    char why[256];
    if (!qlv_settings_add_mqtt(&options->settings, "defect", name, true, why, sizeof why))
        refuse("--defect %s: %s", name, why);
}

static const struct sku *find_sku(const char *name)
{
    for (size_t i = 0; i < SKUS; i++) {
        if (strcmp(skus[i].name, name) == 0)
            return &skus[i];
    }
    refuse("--sku %s: unknown; -h lists them", name);
}

static void take_sku(struct qlv_options *options, const char *name)
{
    const struct sku *sku = find_sku(name);
    char revision[64];
    /* The suffix keeps a report about a virtual module from passing for one about a real one. */
    snprintf(revision, sizeof revision, "%s%sM08_OCPU_VIRTUAL", sku->variant,
             QL_SDK_GENERATION >= 2 ? sku->r03_release : sku->manual_release);
    assign_key(options, "--sku", "model", sku->model);
    assign_key(options, "--sku", "revision", revision);
}

static void check_imei(const char *imei)
{
    size_t digits = 0;
    while (isdigit((unsigned char)imei[digits]))
        digits++;
    if (digits != 15 || imei[digits] != '\0')
        refuse("--imei %s: 15 digits", imei);
}

static void take_dir(struct qlv_options *options, const char *dir)
{
    char *real = NULL;
    if ((mkdir(dir, 0700) != 0 && errno != EEXIST) || (real = realpath(dir, NULL)) == NULL)
        refuse("--dir %s: %s", dir, strerror(errno));
    if (strlen(real) >= sizeof options->dir)
        refuse("--dir %s: path too long", dir);
    memcpy(options->dir, real, strlen(real) + 1);
    free(real);
}

void qlv_options_parse(struct qlv_options *options, int argc, char **argv)
{
    static const struct option longs[] = {
        {"dir", required_argument, NULL, 'd'},      {"sku", required_argument, NULL, 's'},
        {"revision", required_argument, NULL, 'r'}, {"imei", required_argument, NULL, 'i'},
        {"personality", required_argument, NULL, 'p'}, {"defect", required_argument, NULL, 'f'},
        {"seed", required_argument, NULL, 'n'},     {"set", required_argument, NULL, 'v'},
        {"boot-rom", required_argument, NULL, 'b'}, {"help", no_argument, NULL, 'h'},
        {NULL, 0, NULL, 0},
    };
    const char *dir = NULL;
    const char *revision = NULL;
    memset(options, 0, sizeof *options);
    qlv_settings_default(&options->settings);
    take_sku(options, DEFAULT_SKU);
    opterr = 0;
    for (int option = 0; (option = getopt_long(argc, argv, ":h", longs, NULL)) != -1;) {
        switch (option) {
        case 'd': dir = optarg; break;
        case 's': take_sku(options, optarg); break;
        case 'r': revision = optarg; break;
        case 'i':
            check_imei(optarg);
            assign_key(options, "--imei", "imei", optarg);
            break;
        case 'p': assign_key(options, "--personality", "mqtt.personality", optarg); break;
        case 'f': add_defect(options, optarg); break;
        case 'n': assign_key(options, "--seed", "mqtt.seed", optarg); break;
        case 'v': assign(options, optarg); break;
        case 'b': options->boot_rom = optarg; break;
        case 'h': print_help(); exit(0);
        case ':': refuse("%s needs a value", argv[optind - 1]);
        default: refuse("unknown option %s", argv[optind - 1]);
        }
    }
    if (optind < argc)
        refuse("unknown argument %s", argv[optind]);
    if (dir == NULL)
        refuse("--dir is missing");
    take_dir(options, dir);
    if (revision != NULL) {
        options->has_revision = true;
        assign_key(options, "--revision", "revision", revision);
    }
}
