#include "machine.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "child.h"
#include "control_message.h"
#include "enumeration.h"
#include "events.h"
#include "firmware_link.h"
#include "pty.h"
#include "qlv_env.h"
#include "qlv_exit.h"
#include "supervisor.h"

#define SELF "/proc/self/exe"
/* A boot that ends sooner than this, without a byte from the host, was of no use. */
#define SHORT_LIFE_MS 2000
#define MOST_SHORT_LIVES 5
#define MOST_LAST_WORDS 64
#define LOG_BYTES (1024 * 1024)

int64_t qlv_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

__attribute__((format(printf, 3, 4))) static bool print_path(char *path, size_t room, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int length = vsnprintf(path, room, format, args);
    va_end(args);
    return length > 0 && (size_t)length < room;
}

void qlv_machine_fail(struct qlv_machine *machine, const char *reason)
{
    fprintf(stderr, "qlhil-vmodule: %s\n", reason);
    qlv_event_begin("failed");
    qlv_event_text("reason", reason);
    (void)qlv_event_end();
    machine->is_finished = true;
    machine->exit_code = 1;
}

static void open_log(struct qlv_machine *machine)
{
    char path[sizeof machine->options->dir + 32];
    char old[sizeof path];
    struct stat about;
    (void)print_path(path, sizeof path, "%s/log/child.log", machine->options->dir);
    (void)print_path(old, sizeof old, "%s/log/child.log.1", machine->options->dir);
    if (machine->log >= 0)
        close(machine->log);
    if (stat(path, &about) == 0 && about.st_size > LOG_BYTES)
        (void)rename(path, old);
    machine->log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (machine->log >= 0)
        dprintf(machine->log, "--- boot %d: %s\n", machine->boot, machine->next_cause);
}

/* The firmware of one boot, on these masters. */
static bool start_firmware(struct qlv_machine *machine, const int masters[QLV_INTERFACE_COUNT])
{
    static const char *const argv[] = {"qlhil-vmodule", QLV_FIRMWARE_ARGUMENT, NULL};
    char settings[4096];
    char ports[128];
    char control[16];
    int ends[2];
    if (qlv_settings_print(&machine->settings, settings, sizeof settings) == 0 ||
        socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
        return false;
    qlv_enumeration_list(masters, true, ports, sizeof ports);
    (void)print_path(control, sizeof control, "%d", ends[1]);
    struct qlv_child_plan plan = {.path = SELF, .argv = argv, .log = machine->log};
    qlv_child_let(&plan, QLV_ENV_DIR, machine->options->dir);
    qlv_child_let(&plan, QLV_ENV_PORTS, ports);
    qlv_child_let(&plan, QLV_ENV_BOOT_CAUSE, machine->next_cause);
    qlv_child_let(&plan, QLV_ENV_SETTINGS, settings);
    qlv_child_let(&plan, QLV_ENV_CONTROL_FD, control);
    qlv_child_let(&plan, QLV_ENV_MQTTCLIENT, machine->settings.mqtt[0] == '\0' ? NULL : machine->settings.mqtt);
    /* Freed memory that the allocator caches counts as used: without caches the heap figures are exact. */
    qlv_child_let(&plan, "GLIBC_TUNABLES", "glibc.malloc.tcache_count=0:glibc.malloc.arena_max=1");
    qlv_child_give(&plan, ends[1]);
    for (int i = 0; i < QLV_INTERFACE_COUNT && masters[i] >= 0; i++)
        qlv_child_give(&plan, masters[i]);
    machine->pid = qlv_child_start(&plan);
    close(ends[1]);
    machine->control = ends[0];
    return machine->pid > 0;
}

static void boot(struct qlv_machine *machine)
{
    int masters[QLV_INTERFACE_COUNT];
    for (int i = 0; i < QLV_INTERFACE_COUNT; i++)
        masters[i] = -1;
    machine->boot++;
    open_log(machine);
    const bool has_ports = !machine->has_cable || qlv_enumeration_open(machine, masters);
    const bool has_started = has_ports && start_firmware(machine, masters);
    qlv_enumeration_close(masters);
    if (has_ports && !has_started)
        qlv_machine_fail(machine, "cannot start the firmware");
    if (!has_started)
        return;
    machine->phase = QLV_RUNNING;
    machine->boot_ms = qlv_now_ms();
    machine->host_was_heard = false;
    machine->our_doing = NULL;
    machine->stale_answers = 0;
    if (machine->has_cable)
        (void)qlv_enumeration_show(machine, "normal");
}

/* Download mode: the boot ROM's own USB identity, and the configured command behind it. */
static void enter_rom(struct qlv_machine *machine)
{
    struct qlv_pty pty;
    char fd[16];
    const char *const argv[] = {"sh", "-c", machine->options->boot_rom, NULL};
    machine->goes_to_rom = false;
    if (!qlv_pty_open(&pty)) {
        qlv_machine_fail(machine, "cannot open a pseudo terminal");
        return;
    }
    machine->device = (struct qlv_tree_device){
        .vendor = "0525", .product = "a4a7", .interface_class = "02", .port_count = 1, .ports = {{.interface_number = 0}}};
    (void)print_path(machine->device.ports[0].tty, sizeof machine->device.ports[0].tty, "ttyACM%d", machine->downloads % QLV_TTY_NUMBERS);
    memcpy(machine->device.ports[0].pts, pty.name, sizeof pty.name);
    machine->downloads++;
    (void)print_path(fd, sizeof fd, "%d", pty.master);
    struct qlv_child_plan plan = {.path = "/bin/sh", .argv = argv, .log = machine->log};
    qlv_child_let(&plan, QLV_ENV_DIR, machine->options->dir);
    qlv_child_let(&plan, QLV_ENV_ROM_TTY_FD, fd);
    qlv_child_give(&plan, pty.master);
    machine->pid = qlv_child_start(&plan);
    close(pty.master);
    if (machine->pid <= 0) {
        qlv_machine_fail(machine, "cannot start the boot ROM's command");
        return;
    }
    machine->phase = QLV_ROM;
    machine->our_doing = NULL;
    (void)qlv_enumeration_show(machine, "download");
}

void qlv_machine_resume(struct qlv_machine *machine)
{
    if (machine->goes_to_rom && machine->has_cable)
        enter_rom(machine);
    else
        boot(machine);
}

/* The name of an end, and the cause of the boot after it. */
struct end {
    const char *name;
    const char *next_cause;
};

static struct end end_of(const struct qlv_machine *machine, int status)
{
    if (machine->our_doing != NULL) {
        const bool is_reset = strcmp(machine->our_doing, QLV_CAUSE_PIN_RESET) == 0;
        return (struct end){machine->our_doing, is_reset ? QLV_CAUSE_PIN_RESET : QLV_CAUSE_POWER_KEY};
    }
#define ROW(name, code, ending, cause)                       \
    if (WIFEXITED(status) && WEXITSTATUS(status) == (code)) \
        return (struct end){ending, cause};
    QLV_ENDINGS(ROW)
#undef ROW
    return (struct end){"panic", QLV_CAUSE_PANIC};
}

/* Takes away what was plugged in, then tells. */
static void report_end(struct qlv_machine *machine, const char *cause, int status)
{
    /* With the cable out nothing is unplugged, but the firmware has ended all the same. */
    const char *name = machine->is_plugged ? "unplugged" : "ended";
    if (machine->is_plugged)
        qlv_enumeration_hide(machine);
    qlv_event_begin(name);
    qlv_event_number("boot", machine->boot);
    qlv_event_text("cause", cause);
    if (WIFSIGNALED(status) && machine->our_doing == NULL)
        qlv_event_number("signal", WTERMSIG(status));
    if (WIFEXITED(status))
        qlv_event_number("code", WEXITSTATUS(status));
    (void)qlv_event_end();
}

static void count_short_lives(struct qlv_machine *machine)
{
    const bool is_short = machine->our_doing == NULL && !machine->host_was_heard && qlv_now_ms() - machine->boot_ms < SHORT_LIFE_MS;
    machine->short_lives = is_short ? machine->short_lives + 1 : 0;
    if (machine->short_lives >= MOST_SHORT_LIVES)
        qlv_machine_fail(machine, "boot loop: the firmware has ended within 2 s of each of its last 5 boots; see log/child.log");
}

static void pause_before_boot(struct qlv_machine *machine)
{
    machine->phase = QLV_PAUSE;
    machine->resume_ms = qlv_now_ms() + machine->settings.reenumerate_ms;
}

/* What a flashing left behind. */
static void read_revision(struct qlv_machine *machine)
{
    char path[sizeof machine->options->dir + 32];
    char text[128] = "";
    char why[256];
    (void)print_path(path, sizeof path, "%s/state/revision", machine->options->dir);
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return;
    if (fgets(text, sizeof text, file) != NULL) {
        text[strcspn(text, "\r\n")] = '\0';
        if (!qlv_settings_set(&machine->settings, "revision", text, why, sizeof why))
            fprintf(stderr, "qlhil-vmodule: %s: %s\n", path, why);
    }
    fclose(file);
}

static void firmware_ended(struct qlv_machine *machine, int status)
{
    machine->settings.deaf = 0;
    /* What it said last, such as a clock to keep, is still in the socket. */
    for (int i = 0; i < MOST_LAST_WORDS && machine->control >= 0; i++)
        qlv_firmware_listen(machine);
    if (machine->control >= 0)
        close(machine->control);
    machine->control = -1;
    const struct end end = end_of(machine, status);
    report_end(machine, end.name, status);
    (void)print_path(machine->next_cause, sizeof machine->next_cause, "%s", end.next_cause);
    count_short_lives(machine);
    const bool stays_off = strcmp(end.name, "power-down") == 0 || strcmp(end.name, "power-off") == 0;
    machine->goes_to_rom = strcmp(end.name, "download") == 0 && machine->options->boot_rom != NULL;
    pause_before_boot(machine);
    if (stays_off)
        machine->phase = QLV_OFF;
}

static void rom_ended(struct qlv_machine *machine, int status)
{
    const char *cause = machine->our_doing == NULL ? "download-end" : machine->our_doing;
    report_end(machine, cause, status);
    read_revision(machine);
    (void)print_path(machine->next_cause, sizeof machine->next_cause, "%s",
                     machine->our_doing == NULL ? "software-reset" : QLV_CAUSE_POWER_KEY);
    pause_before_boot(machine);
    if (strcmp(cause, "power-off") == 0)
        machine->phase = QLV_OFF;
}

void qlv_machine_ended(struct qlv_machine *machine, int status)
{
    const enum qlv_phase was = machine->phase;
    /* What a shell started lives in its group. */
    (void)kill(-machine->pid, SIGKILL);
    machine->pid = 0;
    if (was == QLV_ROM)
        rom_ended(machine, status);
    else
        firmware_ended(machine, status);
}

bool qlv_machine_kill(struct qlv_machine *machine, const char *doing)
{
    if (machine->pid <= 0)
        return false;
    machine->our_doing = doing;
    return kill(machine->pid, SIGKILL) == 0;
}

bool qlv_machine_unplug(struct qlv_machine *machine)
{
    char why[256];
    if (!machine->has_cable)
        return false;
    machine->has_cable = false;
    if (machine->phase == QLV_ROM)
        return qlv_machine_kill(machine, "unplug");
    if (!machine->is_plugged)
        return true;
    const bool done = qlv_firmware_ask(machine, "unplug", NULL, 0, why, sizeof why);
    qlv_enumeration_hide(machine);
    qlv_event_begin("unplugged");
    qlv_event_number("boot", machine->boot);
    qlv_event_text("cause", "unplug");
    (void)qlv_event_end();
    return done;
}

bool qlv_machine_plug(struct qlv_machine *machine)
{
    int masters[QLV_INTERFACE_COUNT];
    char text[64] = "plug ";
    char why[256];
    if (machine->has_cable)
        return false;
    machine->has_cable = true;
    if (machine->phase != QLV_RUNNING)
        return true;
    bool done = qlv_enumeration_open(machine, masters);
    qlv_enumeration_list(masters, false, text + strlen(text), sizeof text - strlen(text));
    done = done && qlv_firmware_ask(machine, text, masters, QLV_INTERFACE_COUNT, why, sizeof why) && machine->control >= 0;
    qlv_enumeration_close(masters);
    return done && qlv_enumeration_show(machine, "normal");
}

bool qlv_machine_power(struct qlv_machine *machine, bool on)
{
    if (on == (machine->phase != QLV_OFF))
        return false;
    if (on) {
        (void)print_path(machine->next_cause, sizeof machine->next_cause, "%s", QLV_CAUSE_POWER_KEY);
        machine->phase = QLV_PAUSE;
        machine->goes_to_rom = false;
        machine->resume_ms = qlv_now_ms();
        return true;
    }
    if (machine->pid > 0)
        return qlv_machine_kill(machine, "power-off");
    machine->phase = QLV_OFF;
    return true;
}

/* One supervisor a folder. The lock's descriptor stays open for the life of the process. */
static bool lock_folder(const char *dir)
{
    char path[sizeof((struct qlv_options *)0)->dir + 32];
    (void)print_path(path, sizeof path, "%s/lock", dir);
    const int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    return fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) == 0;
}

static bool make_folder(const char *dir, const char *name)
{
    char path[sizeof((struct qlv_options *)0)->dir + 32];
    (void)print_path(path, sizeof path, "%s/%s", dir, name);
    return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* Control lines of other processes than the one that started us. Open for writing too, so that it never ends. */
static bool open_commands(struct qlv_machine *machine)
{
    char path[sizeof machine->options->dir + 32];
    (void)print_path(path, sizeof path, "%s/control", machine->options->dir);
    if (mkfifo(path, 0600) != 0 && errno != EEXIST)
        return false;
    machine->commands = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
    return machine->commands >= 0;
}

bool qlv_machine_start(struct qlv_machine *machine, const struct qlv_options *options)
{
    *machine = (struct qlv_machine){.options = options,
                                    .settings = options->settings,
                                    .phase = QLV_PAUSE,
                                    .control = -1,
                                    .log = -1,
                                    .commands = -1,
                                    .has_cable = true,
                                    .next_cause = QLV_CAUSE_POWER_KEY};
    if (!lock_folder(options->dir)) {
        qlv_machine_fail(machine, "the folder is in use by another virtual module, or can't be written");
        return false;
    }
    if (!open_commands(machine)) {
        qlv_machine_fail(machine, "cannot make the FIFO `control` of the virtual module");
        return false;
    }
    if (!make_folder(options->dir, "ufs") || !make_folder(options->dir, "log") || !make_folder(options->dir, "state") ||
        !qlv_tree_start(options->dir)) {
        qlv_machine_fail(machine, "cannot make the folders of the virtual module");
        return false;
    }
    /* Flash keeps what was last flashed; a revision given by name is a module of its own. */
    if (!options->has_revision)
        read_revision(machine);
    return true;
}

void qlv_machine_finish(struct qlv_machine *machine)
{
    if (machine->pid > 0) {
        (void)kill(-machine->pid, SIGKILL);
        (void)kill(machine->pid, SIGKILL);
        while (waitpid(machine->pid, NULL, 0) < 0 && errno == EINTR) {
        }
        machine->pid = 0;
    }
    if (machine->is_plugged)
        qlv_enumeration_hide(machine);
}
