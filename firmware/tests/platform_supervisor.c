/* The supervisor, with an echo application as its firmware: cable, deaths, boot causes, and that nothing outlives it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#define BUDGET_MS 20000

struct module {
    char dir[64];
    pid_t pid;
    int to;
    int from;
    char unread[8192];
    size_t unread_length;
    char event[2048]; /* the last line read */
};

static struct module module;

static int64_t now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void wait_readable(int fd, int64_t end, const char *what)
{
    struct pollfd wait = {.fd = fd, .events = POLLIN};
    const int64_t left = end - now_ms();
    if (left <= 0 || poll(&wait, 1, (int)left) <= 0)
        fail_msg("no %s within %d ms", what, BUDGET_MS);
}

/* The next line of the supervisor's stdout; false at its end. */
static bool read_event(void)
{
    const int64_t end = now_ms() + BUDGET_MS;
    for (;;) {
        char *stop = memchr(module.unread, '\n', module.unread_length);
        if (stop != NULL) {
            const size_t width = (size_t)(stop - module.unread);
            snprintf(module.event, sizeof module.event, "%.*s", (int)width, module.unread);
            module.unread_length -= width + 1;
            memmove(module.unread, stop + 1, module.unread_length);
            return true;
        }
        wait_readable(module.from, end, "event");
        const ssize_t got = read(module.from, module.unread + module.unread_length, sizeof module.unread - module.unread_length);
        if (got <= 0)
            return false;
        module.unread_length += (size_t)got;
    }
}

static void expect_event(const char *part)
{
    if (!read_event())
        fail_msg("the supervisor ended; expected %s", part);
    if (strstr(module.event, part) == NULL)
        fail_msg("expected %s in %s", part, module.event);
}

static void start_with(char *const extra[])
{
    char *argv[24] = {(char *)ECHO_MODULE, (char *)"--dir", module.dir, (char *)"--set", (char *)"reenumerate_ms=20"};
    int to[2];
    int from[2];
    for (size_t i = 0; extra[i] != NULL; i++)
        argv[5 + i] = extra[i];
    assert_int_equal(pipe2(to, O_CLOEXEC), 0);
    assert_int_equal(pipe2(from, O_CLOEXEC), 0);
    module.pid = fork();
    if (module.pid == 0) {
        dup2(to[0], STDIN_FILENO);
        dup2(from[1], STDOUT_FILENO);
        execv(argv[0], argv);
        _exit(127);
    }
    close(to[0]);
    close(from[1]);
    module.to = to[1];
    module.from = from[0];
    module.unread_length = 0;
}

static void start(void)
{
    char *const nothing[] = {NULL};
    start_with(nothing);
}

static void command(const char *line)
{
    assert_int_equal(write(module.to, line, strlen(line)), strlen(line));
    assert_int_equal(write(module.to, "\n", 1), 1);
}

/* Its exit code, once it has ended. */
static int wait_end(void)
{
    int status = 0;
    while (read_event()) {
    }
    assert_int_equal(waitpid(module.pid, &status, 0), module.pid);
    module.pid = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

/* The number after "key": in the last event. */
static int number_of(const char *key)
{
    char pattern[32];
    snprintf(pattern, sizeof pattern, "\"%s\":", key);
    const char *at = strstr(module.event, pattern);
    assert_non_null(at);
    return atoi(at + strlen(pattern));
}

/* Opens the port of an interface as the last event names it. */
static int open_port(int interface_number)
{
    char pattern[16];
    char path[256];
    snprintf(pattern, sizeof pattern, "\"%d\":\"", interface_number);
    const char *at = strstr(module.event, pattern);
    assert_non_null(at);
    at += strlen(pattern);
    snprintf(path, sizeof path, "%.*s", (int)strcspn(at, "\""), at);
    const int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (fd < 0)
        fail_msg("%s: %s", path, strerror(errno));
    return fd;
}

static void say(int port, const char *text)
{
    assert_int_equal(write(port, text, strlen(text)), strlen(text));
}

/* Reads until `text` has come; false when the port is hung up first. */
static bool hear(int port, const char *text)
{
    char heard[4096] = "";
    size_t length = 0;
    const int64_t end = now_ms() + BUDGET_MS;
    while (strstr(heard, text) == NULL) {
        wait_readable(port, end, text);
        const ssize_t got = read(port, heard + length, sizeof heard - 1 - length);
        if (got <= 0)
            return false;
        length += (size_t)got;
        heard[length] = '\0';
    }
    return true;
}

static bool is_there(const char *relative)
{
    char path[256];
    struct stat about;
    snprintf(path, sizeof path, "%s/%s", module.dir, relative);
    return lstat(path, &about) == 0;
}

static void read_text(const char *relative, char *text, size_t room)
{
    char path[256];
    snprintf(path, sizeof path, "%s/%s", module.dir, relative);
    FILE *file = fopen(path, "re");
    assert_non_null(file);
    assert_non_null(fgets(text, (int)room, file));
    fclose(file);
    text[strcspn(text, "\n")] = '\0';
}

static bool is_alive(pid_t pid)
{
    return kill(pid, 0) == 0;
}

static int make_dir(void **state)
{
    (void)state;
    memset(&module, 0, sizeof module);
    snprintf(module.dir, sizeof module.dir, "/tmp/qlv-test-XXXXXX");
    module.to = module.from = -1;
    return mkdtemp(module.dir) == NULL ? -1 : 0;
}

static int clean(void **state)
{
    (void)state;
    char line[128];
    if (module.pid > 0) {
        kill(module.pid, SIGKILL);
        waitpid(module.pid, NULL, 0);
    }
    if (module.to >= 0)
        close(module.to);
    if (module.from >= 0)
        close(module.from);
    snprintf(line, sizeof line, "rm -rf '%s'", module.dir);
    return system(line) == 0 ? 0 : -1;
}

static void a_line_written_to_the_nmea_port_comes_back(void **state)
{
    (void)state;
    start();
    expect_event("\"event\":\"plugged\"");
    const int port = open_port(8);
    say(port, "hello there\n");
    assert_true(hear(port, "hello there\n"));
    close(port);
}

static void ports_are_raw_and_private_before_anybody_opens_them(void **state)
{
    (void)state;
    struct termios mode;
    struct stat about;
    start();
    expect_event("plugged");
    const int port = open_port(8);
    assert_int_equal(tcgetattr(port, &mode), 0);
    assert_int_equal(mode.c_lflag & (tcflag_t)(ECHO | ICANON | ISIG), 0);
    assert_int_equal(mode.c_oflag & (tcflag_t)OPOST, 0);
    assert_int_equal(fstat(port, &about), 0);
    assert_int_equal(about.st_mode & 0777, 0600);
    close(port);
}

static void closing_and_opening_a_port_does_no_harm(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    for (int i = 0; i < 5; i++) {
        const int port = open_port(8);
        say(port, "again\n");
        assert_true(hear(port, "again\n"));
        close(port);
    }
}

static void the_tree_tells_ids_and_interface_numbers(void **state)
{
    (void)state;
    char text[64];
    start();
    expect_event("plugged");
    read_text("sys/bus/usb/devices/1-1/idVendor", text, sizeof text);
    assert_string_equal(text, "2c7c");
    read_text("sys/bus/usb/devices/1-1/idProduct", text, sizeof text);
    assert_string_equal(text, "0901");
    read_text("sys/bus/usb/devices/1-1:1.8/bInterfaceNumber", text, sizeof text);
    assert_string_equal(text, "08");
    read_text("sys/class/tty/ttyUSB0/device/../bInterfaceNumber", text, sizeof text);
    assert_string_equal(text, "02");
    assert_true(is_there("sys/bus/usb/devices/1-1/1-1:1.7/ttyUSB2/tty/ttyUSB2"));
}

static void a_crash_is_a_disconnect_and_a_boot_after_panic_under_other_names(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    const int devnum = number_of("devnum");
    int port = open_port(8);
    say(port, "abort\n");
    expect_event("\"event\":\"unplugged\",\"boot\":1,\"cause\":\"panic\",\"signal\":6");
    assert_false(hear(port, "never said"));
    close(port);
    expect_event("\"event\":\"plugged\",\"boot\":2");
    assert_true(number_of("devnum") > devnum);
    assert_false(is_there("dev/ttyUSB0"));
    assert_true(is_there("dev/ttyUSB4"));
    port = open_port(8);
    say(port, "cause\n");
    assert_true(hear(port, "cause 8\n")); /* QL_PWRUP_PANIC */
    close(port);
}

/* Says `line` to the firmware, and hears the cause of the boot that follows. */
static void expect_cause_after(const char *line, const char *ending, const char *cause)
{
    char part[64];
    int port = open_port(8);
    say(port, line);
    snprintf(part, sizeof part, "\"cause\":\"%s\"", ending);
    expect_event(part);
    close(port);
    expect_event("plugged");
    port = open_port(8);
    say(port, "cause\n");
    assert_true(hear(port, cause));
    close(port);
}

static void a_reset_by_software_is_told_from_a_watchdog_bite(void **state)
{
    (void)state;
    char *const impatient[] = {(char *)"--set", (char *)"watchdog.timeout_ms=300", NULL};
    start_with(impatient);
    expect_event("plugged");
    expect_cause_after("reset\n", "software-reset", "cause 0\n");
    expect_cause_after("starve\n", "watchdog", "cause 5\n");
}

static void reset_and_kill_lines_end_the_boot_with_their_own_causes(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    command("reset");
    expect_event("\"event\":\"control\",\"ok\":true,\"line\":\"reset\"");
    expect_event("\"cause\":\"pin-reset\"");
    expect_event("plugged");
    command("kill");
    expect_event("\"ok\":true");
    expect_event("\"cause\":\"panic\",\"signal\":9");
    expect_event("plugged");
}

static void a_module_that_powered_down_stays_off_until_power_on(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    const int port = open_port(8);
    say(port, "off\n");
    expect_event("\"cause\":\"power-down\"");
    close(port);
    command("kill");
    expect_event("\"ok\":false");
    command("power on");
    expect_event("\"ok\":true");
    expect_event("\"event\":\"plugged\",\"boot\":2");
}

static void the_firmware_runs_on_while_the_cable_is_out(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    const int pid = number_of("pid");
    int port = open_port(8);
    command("unplug");
    expect_event("\"event\":\"unplugged\",\"boot\":1,\"cause\":\"unplug\"");
    expect_event("\"ok\":true");
    assert_false(hear(port, "never said"));
    close(port);
    assert_false(is_there("sys/bus/usb/devices/1-1"));
    command("plug");
    expect_event("\"event\":\"plugged\",\"boot\":1");
    assert_int_equal(number_of("pid"), pid);
    port = open_port(8);
    expect_event("\"ok\":true");
    say(port, "still here\n");
    assert_true(hear(port, "still here\n"));
    close(port);
}

static void a_setting_reaches_the_firmware_before_its_line_is_answered(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    const int port = open_port(2);
    command("set csq 7");
    expect_event("\"ok\":true,\"line\":\"set csq 7\"");
    say(port, "AT+CSQ\r");
    assert_true(hear(port, "+CSQ: 7,99"));
    close(port);
    command("set csq 700");
    expect_event("\"ok\":false");
    command("set nonsense 1");
    expect_event("unknown key");
    command("dance");
    expect_event("unknown control line");
}

static void settings_and_the_module_clock_outlive_a_reset(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    int port = open_port(2);
    command("set operator TEST-NET");
    expect_event("\"ok\":true");
    say(port, "AT+CCLK=\"31/02/03,04:05:06+00\"\r");
    assert_true(hear(port, "OK"));
    command("reset");
    expect_event("\"ok\":true");
    expect_event("unplugged");
    close(port);
    expect_event("plugged");
    port = open_port(2);
    say(port, "AT+COPS?;+CCLK?\r");
    assert_true(hear(port, "TEST-NET"));
    say(port, "AT+CCLK?\r");
    assert_true(hear(port, "+CCLK: \"31/02/03,04:"));
    close(port);
}

static bool has_something_to_read(int port)
{
    struct pollfd wait = {.fd = port, .events = POLLIN};
    return poll(&wait, 1, 0) > 0;
}

static void make_deaf(const char *line)
{
    command(line);
    expect_event("\"ok\":true");
}

/* Interface 8 of the first boot, which the last event need not name. */
static int open_nmea(void)
{
    char path[256];
    snprintf(path, sizeof path, "%s/dev/ttyUSB3", module.dir);
    const int fd = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(fd >= 0);
    return fd;
}

static void an_application_that_is_deaf_leaves_at_alive_and_a_reset_by_at_ends_it(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    const int at = open_port(2);
    int port = open_port(8);
    make_deaf("set deaf application");
    say(port, "hello\n");
    say(at, "AT\r");
    assert_true(hear(at, "OK"));
    assert_false(has_something_to_read(port));
    say(at, "AT+CFUN=1,1\r");
    expect_event("\"cause\":\"software-reset\"");
    close(at);
    close(port);
    expect_event("plugged");
    port = open_port(8);
    say(port, "hello\n");
    assert_true(hear(port, "hello\n"));
    close(port);
}

static void ports_that_are_deaf_until_opened_hear_after_the_applications_is_opened(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    int port = open_port(8);
    const int at = open_port(2);
    make_deaf("set deaf until-opened");
    say(at, "AT\r");
    command("set csq 7");
    expect_event("\"ok\":true");
    assert_false(has_something_to_read(at));
    close(port);
    port = open_nmea();
    say(port, "hello\n");
    assert_true(hear(port, "hello\n"));
    assert_true(hear(at, "OK"));
    close(at);
    close(port);
}

static void a_module_that_is_deaf_everywhere_takes_a_power_cycle(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    int port = open_port(8);
    make_deaf("set deaf all");
    close(port);
    port = open_nmea();
    say(port, "hello\n");
    command("set csq 7");
    expect_event("\"ok\":true");
    assert_false(has_something_to_read(port));
    close(port);
    command("power off");
    expect_event("\"ok\":true");
    expect_event("\"cause\":\"power-off\"");
    command("power on");
    expect_event("\"ok\":true");
    expect_event("plugged");
    port = open_port(8);
    say(port, "hello\n");
    assert_true(hear(port, "hello\n"));
    close(port);
}

static void the_fifo_takes_control_lines_of_other_processes(void **state)
{
    (void)state;
    char line[128];
    start();
    expect_event("plugged");
    snprintf(line, sizeof line, "echo reset > '%s/control'", module.dir);
    assert_int_equal(system(line), 0);
    expect_event("\"ok\":true,\"line\":\"reset\"");
    expect_event("\"cause\":\"pin-reset\"");
    expect_event("\"event\":\"plugged\",\"boot\":2");
    /* Its writer is gone, and it still takes lines. */
    snprintf(line, sizeof line, "echo kill > '%s/control'", module.dir);
    assert_int_equal(system(line), 0);
    expect_event("\"ok\":true,\"line\":\"kill\"");
}

static void end_of_file_on_stdin_leaves_no_process(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    const pid_t firmware = number_of("pid");
    assert_true(is_alive(firmware));
    close(module.to);
    module.to = -1;
    assert_int_equal(wait_end(), 0);
    assert_false(is_alive(firmware));
    assert_false(is_there("dev/ttyUSB0"));
    assert_false(is_there("sys/bus/usb/devices/1-1"));
}

static void a_killed_supervisor_takes_the_firmware_along(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    const pid_t firmware = number_of("pid");
    const int port = open_port(8);
    say(port, "up\n");
    assert_true(hear(port, "up\n"));
    /* It can do nothing about it itself. */
    kill(firmware, SIGSTOP);
    kill(module.pid, SIGKILL);
    assert_int_equal(wait_end(), -SIGKILL);
    /* The kernel closes the firmware's masters when it is gone. */
    assert_false(hear(port, "never said"));
    close(port);
}

static void a_firmware_that_dies_at_once_again_and_again_ends_the_supervisor(void **state)
{
    (void)state;
    setenv("ECHO_APP_DIES", "1", 1);
    start();
    unsetenv("ECHO_APP_DIES");
    assert_int_equal(wait_end(), 1);
    assert_non_null(strstr(module.event, "boot loop"));
}

static void deaths_of_a_firmware_that_was_in_use_are_no_boot_loop(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    for (int i = 0; i < 7; i++) {
        const int port = open_port(8);
        say(port, "abort\n");
        expect_event("unplugged");
        close(port);
        expect_event("plugged");
    }
}

static void download_mode_runs_the_boot_rom_behind_its_own_usb_identity(void **state)
{
    (void)state;
    char text[128];
    /* Takes one line from the host, and leaves a revision behind. */
    char *const rom[] = {
        (char *)"--boot-rom",
        (char *)"eval \"exec 3<&$QLHIL_ROM_TTY_FD\"; until read -r line <&3; do :; done; echo \"$line\" > \"$QLV_DIR/state/revision\"",
        NULL};
    start_with(rom);
    expect_event("plugged");
    int port = open_port(2);
    say(port, "AT+QDOWNLOAD=1\r");
    expect_event("\"cause\":\"download\"");
    close(port);
    expect_event("\"mode\":\"download\"");
    read_text("sys/bus/usb/devices/1-1/idVendor", text, sizeof text);
    assert_string_equal(text, "0525");
    assert_true(is_there("dev/ttyACM0"));
    port = open_port(0);
    say(port, "EG500UCNABR09A09M08\n");
    expect_event("\"cause\":\"download-end\"");
    close(port);
    expect_event("\"mode\":\"normal\"");
    port = open_port(2);
    say(port, "ATI\r");
    assert_true(hear(port, "Revision: EG500UCNABR09A09M08"));
    close(port);
}

static void a_second_supervisor_on_the_same_folder_is_refused(void **state)
{
    (void)state;
    start();
    expect_event("plugged");
    const struct module first = module;
    start();
    assert_int_equal(wait_end(), 1);
    close(module.to);
    close(module.from);
    module = first;
}

static void unknown_options_are_refused_with_the_usage(void **state)
{
    (void)state;
    char *const unknown[] = {(char *)"--frobnicate", NULL};
    start_with(unknown);
    assert_int_equal(wait_end(), 2);
}

static void help_names_every_option_and_every_key(void **state)
{
    (void)state;
    static const char *const named[] = {"--dir",      "--sku",    "--revision", "--imei",       "--personality", "--defect", "--seed",
                                        "--set",      "--boot-rom", "csq",      "clock.offset_s", "EG500U-CN",   "unplug",   "power off"};
    char help[8192];
    size_t length = 0;
    char *const ask[] = {(char *)"-h", NULL};
    start_with(ask);
    while (read_event())
        length += (size_t)snprintf(help + length, sizeof help - length, "%s\n", module.event);
    for (size_t i = 0; i < sizeof named / sizeof *named; i++) {
        if (strstr(help, named[i]) == NULL)
            fail_msg("the help does not name %s", named[i]);
    }
    assert_int_equal(wait_end(), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, make_dir, clean)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_line_written_to_the_nmea_port_comes_back),
        TEST(ports_are_raw_and_private_before_anybody_opens_them),
        TEST(closing_and_opening_a_port_does_no_harm),
        TEST(the_tree_tells_ids_and_interface_numbers),
        TEST(a_crash_is_a_disconnect_and_a_boot_after_panic_under_other_names),
        TEST(a_reset_by_software_is_told_from_a_watchdog_bite),
        TEST(reset_and_kill_lines_end_the_boot_with_their_own_causes),
        TEST(a_module_that_powered_down_stays_off_until_power_on),
        TEST(the_firmware_runs_on_while_the_cable_is_out),
        TEST(a_setting_reaches_the_firmware_before_its_line_is_answered),
        TEST(settings_and_the_module_clock_outlive_a_reset),
        TEST(an_application_that_is_deaf_leaves_at_alive_and_a_reset_by_at_ends_it),
        TEST(ports_that_are_deaf_until_opened_hear_after_the_applications_is_opened),
        TEST(a_module_that_is_deaf_everywhere_takes_a_power_cycle),
        TEST(the_fifo_takes_control_lines_of_other_processes),
        TEST(end_of_file_on_stdin_leaves_no_process),
        TEST(a_killed_supervisor_takes_the_firmware_along),
        TEST(a_firmware_that_dies_at_once_again_and_again_ends_the_supervisor),
        TEST(deaths_of_a_firmware_that_was_in_use_are_no_boot_loop),
        TEST(download_mode_runs_the_boot_rom_behind_its_own_usb_identity),
        TEST(a_second_supervisor_on_the_same_folder_is_refused),
        TEST(help_names_every_option_and_every_key),
        TEST(unknown_options_are_refused_with_the_usage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
