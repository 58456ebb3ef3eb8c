/*
 * The session in docs/protocol.md §6, against the shim: what is said there is what the shim says. shim_examples_test <docs/protocol.md>
 *
 * Lines with an arrow to the right go in, those with one to the left must come out; … stands for anything. Lines that begin with three
 * blanks continue the one before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../at_tunnel.h"
#include "../network.h"
#include "rig.h"

#define TO_MODULE "\xe2\x86\x92 "
#define FROM_MODULE "\xe2\x86\x90 "
#define ANYTHING "\xe2\x80\xa6"
#define EXAMPLES 200
#define ARRIVES "(a message arrives on "

static const char *document;
static char examples[EXAMPLES][4096];
static int example_count;

/* Without the checksum. */
static void add(const char *line)
{
    bool continues = strncmp(line, "   ", 3) == 0;
    if (!continues)
        example_count++;
    assert_in_range(example_count, 1, EXAMPLES);
    char *example = examples[example_count - 1];
    strcat(example, continues ? line + 3 : line);
    example[strcspn(example, "\n")] = '\0';
}

static void read_examples(void)
{
    char line[4096];
    bool inside = false;
    FILE *file = fopen(document, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL) {
        if (strncmp(line, "```", 3) == 0)
            inside = !inside && strcmp(line, "```session\n") == 0;
        else if (inside)
            add(line);
    }
    fclose(file);
}

static bool matches(const char *pattern, const char *line)
{
    const char *gap = strstr(pattern, ANYTHING);
    if (gap == NULL)
        return strcmp(pattern, line) == 0;
    size_t length = (size_t)(gap - pattern);
    if (strncmp(pattern, line, length) != 0)
        return false;
    for (const char *rest = line + length; *rest != '\0'; rest++)
        if (matches(gap + strlen(ANYTHING), rest))
            return true;
    return *(gap + strlen(ANYTHING)) == '\0';
}

static void happen(void)
{
    rig_work();
    memory_sdk_callbacks(MEMORY_CALLBACKS);
    if (shim_the.job.is_set)
        shim_network_step(&shim_the);
    for (int i = 0; i < 9 && shim_the.at.is_busy; i++)
        shim_at_step(&shim_the, 0);
}

static void cut_checksum(char *json)
{
    char *star = strrchr(json, '*');
    if (star != NULL)
        *star = '\0';
}

static void expect_line(const char *pattern)
{
    const char *line = rig_line();
    assert_non_null(line);
    if (!matches(pattern, line))
        assert_string_equal(line, pattern);
}

static void arrive(const char *words)
{
    char topic[32];
    char payload[32];
    assert_int_equal(sscanf(words, "%31[^:]: %31[^)])", topic, payload), 2);
    memory_sdk_inpub(&shim_the.slots[0].client, 1, topic, payload, (unsigned short)strlen(payload));
}

static void the_session_in_the_protocols_text_is_what_the_shim_says(void **state)
{
    (void)state;
    int answered = 0;
    read_examples();
    shim_at_open(&shim_the);
    memory_sdk.is_up = true;
    shim_network_step(&shim_the);
    strcpy(memory_sdk.at_answer, "AT+CSQ\r\r\n+CSQ: 24,99\r\n\r\nOK\r\n");
    memory_sdk.now_ms = 5120;
    for (int i = 0; i < example_count; i++) {
        char *example = examples[i];
        if (strncmp(example, ARRIVES, strlen(ARRIVES)) == 0) {
            arrive(example + strlen(ARRIVES));
            continue;
        }
        cut_checksum(example);
        if (strncmp(example, TO_MODULE, strlen(TO_MODULE)) == 0) {
            /* Everything that was said before has been written down. */
            assert_null(rig_line());
            rig_send(example + strlen(TO_MODULE));
            happen();
        } else if (strncmp(example, FROM_MODULE, strlen(FROM_MODULE)) == 0) {
            expect_line(example + strlen(FROM_MODULE));
            answered++;
        }
    }
    assert_null(rig_line());
    assert_in_range(answered, 40, 100);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    document = argv[1];
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_session_in_the_protocols_text_is_what_the_shim_says, rig_boot, rig_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
