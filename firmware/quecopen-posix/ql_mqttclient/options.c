#include "options.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "defects.h"
#include "ql_mqttclient.h"

struct row {
    const char *key;
    const char *values; /* NULL for a number */
    int least;
    int most;
    int preset;
    bool open;
};

static const struct row rows[MQ_OPT_COUNT] = {
#define NUMBER(id, key, least, most, value, gloss) { key, NULL, least, most, value, false },
#define CHOICE(id, key, values, value, open, gloss) { key, values, 0, 0, value, open },
#include "options.def"
#undef NUMBER
#undef CHOICE
};

static const struct {
    const char *name;
    const char *settings;
} personalities[] = {
#define PERSONALITY(name, settings, gloss) { name, settings },
#include "personalities.def"
#undef PERSONALITY
};

static int values[MQ_OPT_COUNT];

struct parse {
    char *complaint;
    size_t room;
};

static int complain(struct parse *parse, const char *what, const char *word, size_t length)
{
    snprintf(parse->complaint, parse->room, "%s '%.*s'", what, (int)length, word);
    return -1;
}

static bool same(const char *text, size_t length, const char *name)
{
    return strlen(name) == length && memcmp(text, name, length) == 0;
}

static int count_values(const char *list)
{
    int count = 1;
    for (; *list != '\0'; list++)
        count += *list == '|';
    return count;
}

static int find_value(const char *list, const char *text, size_t length)
{
    for (int index = 0;; index++) {
        size_t size = strcspn(list, "|");
        if (size == length && memcmp(list, text, length) == 0)
            return index;
        if (list[size] == '\0')
            return -1;
        list += size + 1;
    }
}

static bool read_number(const char *text, size_t length, int least, int most, int *number)
{
    char digits[16];
    char *end = NULL;
    if (length == 0 || length >= sizeof digits)
        return false;
    memcpy(digits, text, length);
    digits[length] = '\0';
    long value = strtol(digits, &end, 10);
    if (*end != '\0' || value < least || value > most)
        return false;
    *number = (int)value;
    return true;
}

static int set_value(struct parse *parse, const struct row *row, int *value, const char *text, size_t length)
{
    if (row->values == NULL && !read_number(text, length, row->least, row->most, value))
        return complain(parse, "bad number for an option:", text, length);
    if (row->values == NULL)
        return 0;
    int index = find_value(row->values, text, length);
    if (index < 0)
        return complain(parse, "unknown value of an option:", text, length);
    *value = index;
    return 0;
}

static int set_option(struct parse *parse, const char *key, size_t key_length, const char *text, size_t length)
{
    if (same(key, key_length, "personality") || same(key, key_length, "seed"))
        return 0;
    if (same(key, key_length, "defect"))
        return mq_defect_enable(text, length) == 0 ? 0 : complain(parse, "unknown defect", text, length);
    for (size_t i = 0; i < MQ_OPT_COUNT; i++)
        if (same(key, key_length, rows[i].key))
            return set_value(parse, &rows[i], &values[i], text, length);
    return complain(parse, "unknown option", key, key_length);
}

typedef int setting_user(struct parse *parse, const char *key, size_t key_length, const char *text, size_t length);

/* Splits at ';' (and line ends, so that settings can be kept in a file) and gives each key=value to `use`. */
static int each_setting(struct parse *parse, const char *text, setting_user *use)
{
    while (*text != '\0') {
        size_t size = strcspn(text, ";\n");
        const char *equals = memchr(text, '=', size);
        if (size > 0 && equals == NULL)
            return complain(parse, "option without a value:", text, size);
        if (size > 0 && use(parse, text, (size_t)(equals - text), equals + 1, size - (size_t)(equals - text) - 1) != 0)
            return -1;
        text += size + (text[size] != '\0');
    }
    return 0;
}

static int pick_personality(struct parse *parse, const char *name, size_t length, const char **settings)
{
    for (size_t i = 0; i < sizeof personalities / sizeof personalities[0]; i++)
        if (same(name, length, personalities[i].name)) {
            *settings = personalities[i].settings;
            return 0;
        }
    return complain(parse, "unknown personality", name, length);
}

/* splitmix64: one good draw from any seed, 0 included. */
static uint64_t draw(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static void draw_open_choices(uint64_t seed)
{
    for (size_t i = 0; i < MQ_OPT_COUNT; i++)
        if (rows[i].open)
            values[i] = (int)(draw(&seed) % (uint64_t)count_values(rows[i].values));
}

struct character {
    const char *name;
    size_t length;
    uint64_t seed;
};

static struct character character;

static int find_character(struct parse *parse, const char *key, size_t key_length, const char *text, size_t length)
{
    if (same(key, key_length, "personality")) {
        character.name = text;
        character.length = length;
    }
    if (same(key, key_length, "seed")) {
        char *end = NULL;
        character.seed = strtoull(text, &end, 10);
        if (length == 0 || end != text + length)
            return complain(parse, "bad seed", text, length);
    }
    return 0;
}

int mq_options_apply(const char *text, char *complaint, size_t room)
{
    struct parse parse = { complaint, room };
    const char *settings = NULL;
    const char *usual = QL_SDK_GENERATION >= 2 ? "r03" : "manual";
    if (text == NULL)
        text = "";
    for (size_t i = 0; i < MQ_OPT_COUNT; i++)
        values[i] = rows[i].preset;
    mq_defects_clear();
    /* The personality is the ground on which single settings stand, wherever it is written. */
    character = (struct character){ usual, strlen(usual), 0 };
    if (each_setting(&parse, text, find_character) != 0)
        return -1;
    if (pick_personality(&parse, character.name, character.length, &settings) != 0)
        return -1;
    if (each_setting(&parse, settings, set_option) != 0)
        return -1;
    if (same(character.name, character.length, "seeded"))
        draw_open_choices(character.seed);
    return each_setting(&parse, text, set_option);
}

static void load(void)
{
    char complaint[160];
    if (mq_options_apply(getenv(MQ_OPTIONS_ENV), complaint, sizeof complaint) == 0)
        return;
    fprintf(stderr, "ql_mqttclient: %s in %s\n", complaint, MQ_OPTIONS_ENV);
    abort();
}

void mq_options_load(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, load);
}

int mq_option(enum mq_option option)
{
    return values[option];
}
