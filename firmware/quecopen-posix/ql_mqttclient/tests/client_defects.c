/*
 * Each defect of the catalogue shows: an exercise gives another transcript with it than without it. Exercises are in defects/, by family.
 *
 * An exercise runs in a process of its own, since some defects crash or hang it.
 */
#define _GNU_SOURCE
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "broker.h"
#include "defects/exercise.h"
#include "setup.h"

#define HANG_S 8

static const struct showings *const families[] = {
    &session_defects, &request_defects, &message_defects, &keep_alive_defects, &call_defects, &tls_defects, &tls_broker_defects,
};
#define FAMILIES (sizeof families / sizeof families[0])

struct result {
    char text[sizeof transcript.wire + sizeof transcript.heard + sizeof transcript.returned + 128];
};

static void run_in_child(const struct showing *showing, bool with_defect, int output)
{
    char settings[256];
    pthread_t server;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    alarm(HANG_S);
    if (freopen("/dev/null", "w", stderr) == NULL)
        _exit(2);
    snprintf(settings, sizeof settings,
             "close_ms=200;deinit_ms=500;%s%s%s", showing->settings, with_defect ? ";defect=" : "", with_defect ? showing->defect : "");
    use_options(settings);
    caller = pthread_self();
    peer_open(&peer);
    pthread_create(&server, NULL, serve, NULL);
    showing->exercise();
    pthread_mutex_lock(&transcript.lock);
    dprintf(output, "%s--- returned\n%s--- heard\n%s", transcript.wire, transcript.returned, transcript.heard);
    _exit(0);
}

struct running {
    pid_t child;
    int output;
    struct result result;
};

static void launch(const struct showing *showing, bool with_defect, struct running *running)
{
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    running->child = fork();
    assert_true(running->child >= 0);
    if (running->child == 0)
        run_in_child(showing, with_defect, ends[1]);
    close(ends[1]);
    running->output = ends[0];
}

static const char *collect(struct running *running)
{
    char *text = running->result.text;
    int status = 0;
    size_t length = 0;
    for (ssize_t got; (got = read(running->output, text + length, sizeof running->result.text - 64 - length)) > 0;)
        length += (size_t)got;
    close(running->output);
    assert_int_equal(waitpid(running->child, &status, 0), running->child);
    snprintf(text + length, 64, "status %x\n", (unsigned)status);
    return text;
}

#define AT_ONCE 4

/* How many of `showings` share the exercise of the first. */
static size_t group_size(const struct showing *showings, size_t count)
{
    size_t size = 1;
    while (size < count && showings[size].exercise == showings->exercise && strcmp(showings[size].settings, showings->settings) == 0)
        size++;
    return size;
}

static const char *run_clean(const struct showing *showing)
{
    static struct running runs[2];
    launch(showing, false, &runs[0]);
    launch(showing, false, &runs[1]);
    const char *clean = collect(&runs[0]);
    const char *again = collect(&runs[1]);
    if (strcmp(clean, again) != 0)
        fail_msg("without a defect, two runs differ:\n%s\n%s", clean, again);
    if (strstr(clean, "status 0\n") == NULL)
        fail_msg("without a defect it ends badly:\n%s", clean);
    return clean;
}

static void show_some(const struct showing *showings, size_t count, const char *clean)
{
    static struct running runs[AT_ONCE];
    for (size_t i = 0; i < count; i++)
        launch(&showings[i], true, &runs[i]);
    for (size_t i = 0; i < count; i++)
        if (strcmp(clean, collect(&runs[i])) == 0)
            fail_msg("%s does not show:\n%s", showings[i].defect, clean);
}

static void show_all(const struct showings *family)
{
    for (size_t at = 0; at < family->count;) {
        size_t group = group_size(family->all + at, family->count - at);
        const char *clean = run_clean(family->all + at);
        for (size_t i = 0; i < group; i += AT_ONCE)
            show_some(family->all + at + i, group - i < AT_ONCE ? group - i : AT_ONCE, clean);
        at += group;
    }
}

static void every_defect_shows(void **state)
{
    (void)state;
    for (size_t i = 0; i < FAMILIES; i++)
        if (families[i] != &tls_broker_defects)
            show_all(families[i]);
}

static void every_defect_of_tls_shows(void **state)
{
    if (*state == NULL)
        skip();
    show_all(&tls_broker_defects);
}

static int start_broker(void **state)
{
    static bool started;
    started = broker_start();
    *state = started ? &started : NULL;
    return 0;
}

static int stop_broker(void **state)
{
    if (*state != NULL)
        broker_stop();
    return 0;
}

static bool is_shown(const char *name)
{
    for (size_t i = 0; i < FAMILIES; i++)
        for (size_t k = 0; k < families[i]->count; k++)
            if (strcmp(families[i]->all[k].defect, name) == 0)
                return true;
    return false;
}

static void no_defect_is_left_out(void **state)
{
    static const char *const names[] = {
#define DEFECT(id, name, clause, family, gloss) name,
#include "defects.def"
#undef DEFECT
    };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (!is_shown(names[i]))
            fail_msg("not shown: %s", names[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_defect_is_left_out),
        cmocka_unit_test(every_defect_shows),
        cmocka_unit_test_setup_teardown(every_defect_of_tls_shows, start_broker, stop_broker),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
