#include "settings.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

enum kind { TEXT_KIND, NUMBER_KIND, CHOICE_KIND };

struct row {
    const char *key;
    enum kind kind;
    size_t offset;
    size_t room;
    int64_t least;
    int64_t most;
    const char *names;
    int64_t number;
    const char *text;
    const char *gloss;
};

#define AT(field) offsetof(struct qlv_settings, field)
static const struct row rows[] = {
#define TEXT(key, field, room, value, gloss) {key, TEXT_KIND, AT(field), room, 0, 0, "", 0, value, gloss},
#define NUMBER(key, field, least, most, value, gloss) {key, NUMBER_KIND, AT(field), 0, least, most, "", value, "", gloss},
#define CHOICE(key, field, names, value, gloss) {key, CHOICE_KIND, AT(field), 0, 0, 0, names, value, "", gloss},
#include "settings.def"
#undef TEXT
#undef NUMBER
#undef CHOICE
};
#define ROWS (sizeof rows / sizeof *rows)

static void *field_of(struct qlv_settings *settings, const struct row *row)
{
    return (char *)settings + row->offset;
}

static const void *const_field_of(const struct qlv_settings *settings, const struct row *row)
{
    return (const char *)settings + row->offset;
}

__attribute__((format(printf, 3, 4))) static bool refuse(char *why, size_t why_bytes, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(why, why_bytes, format, args);
    va_end(args);
    return false;
}

void qlv_settings_default(struct qlv_settings *settings)
{
    memset(settings, 0, sizeof *settings);
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        void *field = field_of(settings, row);
        if (row->kind == TEXT_KIND)
            snprintf(field, row->room, "%s", row->text);
        else if (row->kind == NUMBER_KIND)
            *(int64_t *)field = row->number;
        else
            *(int *)field = (int)row->number;
    }
}

static bool is_printable(const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text < ' ' || *text > '~' || *text == '"')
            return false;
    }
    return true;
}

static bool set_text(char *field, const struct row *row, const char *value, char *why, size_t why_bytes)
{
    if (strlen(value) >= row->room)
        return refuse(why, why_bytes, "%s: at most %zu characters", row->key, row->room - 1);
    if (!is_printable(value))
        return refuse(why, why_bytes, "%s: printable ASCII without quotes only", row->key);
    /* The whole field, so that equal settings are equal bytes. */
    memset(field, 0, row->room);
    memcpy(field, value, strlen(value));
    return true;
}

static bool set_number(int64_t *field, const struct row *row, const char *value, char *why, size_t why_bytes)
{
    char *end = NULL;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno != 0 || end == value || *end != '\0' || number < row->least || number > row->most)
        return refuse(why, why_bytes, "%s: a number from %lld to %lld", row->key, (long long)row->least, (long long)row->most);
    *field = number;
    return true;
}

/* The index of `value` in a list divided by '|', or -1. */
static int find_name(const char *names, const char *value)
{
    const size_t length = strlen(value);
    for (int index = 0;; index++) {
        size_t width = strcspn(names, "|");
        if (width == length && memcmp(names, value, width) == 0)
            return index;
        if (names[width] == '\0')
            return -1;
        names += width + 1;
    }
}

static bool set_choice(int *field, const struct row *row, const char *value, char *why, size_t why_bytes)
{
    int index = find_name(row->names, value);
    if (index < 0)
        return refuse(why, why_bytes, "%s: one of %s", row->key, row->names);
    *field = index;
    return true;
}

static const struct row *find_row(const char *key)
{
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        if (strcmp(row->key, key) == 0)
            return row;
    }
    return NULL;
}

bool qlv_settings_set(struct qlv_settings *settings, const char *key, const char *value, char *why, size_t why_bytes)
{
    if (strncmp(key, QLV_MQTT_PREFIX, strlen(QLV_MQTT_PREFIX)) == 0)
        return qlv_settings_add_mqtt(settings, key + strlen(QLV_MQTT_PREFIX), value, false, why, why_bytes);
    const struct row *row = find_row(key);
    if (row == NULL)
        return refuse(why, why_bytes, "unknown key: %s", key);
    void *field = field_of(settings, row);
    if (row->kind == TEXT_KIND)
        return set_text(field, row, value, why, why_bytes);
    if (row->kind == NUMBER_KIND)
        return set_number(field, row, value, why, why_bytes);
    return set_choice(field, row, value, why, why_bytes);
}

bool qlv_settings_assign(struct qlv_settings *settings, const char *assignment, char *why, size_t why_bytes)
{
    char key[64];
    const size_t width = strcspn(assignment, "=");
    if (assignment[width] != '=' || width == 0 || width >= sizeof key)
        return refuse(why, why_bytes, "not key=value: %s", assignment);
    memcpy(key, assignment, width);
    key[width] = '\0';
    return qlv_settings_set(settings, key, assignment + width + 1, why, why_bytes);
}

/* Takes the entry of `key` out of "a=1;b=2". */
static void drop_entry(char *list, const char *key)
{
    const size_t width = strlen(key);
    for (char *entry = list; *entry != '\0';) {
        char *next = entry + strcspn(entry, ";");
        if (*next == ';')
            next++;
        if (strncmp(entry, key, width) == 0 && entry[width] == '=')
            memmove(entry, next, strlen(next) + 1);
        else
            entry = next;
    }
    const size_t length = strlen(list);
    if (length > 0 && list[length - 1] == ';')
        list[length - 1] = '\0';
}

bool qlv_settings_add_mqtt(struct qlv_settings *settings, const char *key, const char *value, bool repeats, char *why,
                           size_t why_bytes)
{
    if (*key == '\0' || strpbrk(key, "=;") != NULL || strchr(value, ';') != NULL || !is_printable(key) || !is_printable(value))
        return refuse(why, why_bytes, "%s%s: no ';' and printable ASCII only", QLV_MQTT_PREFIX, key);
    if (!repeats)
        drop_entry(settings->mqtt, key);
    const size_t used = strlen(settings->mqtt);
    const int added =
        snprintf(settings->mqtt + used, sizeof settings->mqtt - used, "%s%s=%s", used == 0 ? "" : ";", key, value);
    if (added >= 0 && (size_t)added < sizeof settings->mqtt - used)
        return true;
    settings->mqtt[used] = '\0';
    return refuse(why, why_bytes, "%s%s: the MQTT settings take more than %d bytes", QLV_MQTT_PREFIX, key, QLV_MQTT_BYTES);
}

static int print_row(const struct qlv_settings *settings, const struct row *row, char *text, size_t room)
{
    const void *field = const_field_of(settings, row);
    if (row->kind == TEXT_KIND)
        return snprintf(text, room, "%s=%s\n", row->key, (const char *)field);
    if (row->kind == NUMBER_KIND)
        return snprintf(text, room, "%s=%lld\n", row->key, (long long)*(const int64_t *)field);
    const char *name = row->names;
    for (int index = *(const int *)field; index > 0; index--)
        name += strcspn(name, "|") + 1;
    return snprintf(text, room, "%s=%.*s\n", row->key, (int)strcspn(name, "|"), name);
}

size_t qlv_settings_print(const struct qlv_settings *settings, char *text, size_t room)
{
    size_t used = 0;
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        const int added = print_row(settings, row, text + used, room - used);
        if (added < 0 || (size_t)added >= room - used)
            return 0;
        used += (size_t)added;
    }
    return used;
}

void qlv_settings_explain(FILE *out)
{
    for (const struct row *row = rows; row < rows + ROWS; row++) {
        fprintf(out, "  %-20s %s", row->key, row->gloss);
        if (row->kind == TEXT_KIND)
            fprintf(out, " (%s)\n", row->text[0] == '\0' ? "by SKU" : row->text);
        else if (row->kind == NUMBER_KIND)
            fprintf(out, " (%lld…%lld, %lld)\n", (long long)row->least, (long long)row->most, (long long)row->number);
        else
            fprintf(out, " (%s)\n", row->names);
    }
    fprintf(out, "  %-20s %s\n", QLV_MQTT_PREFIX "KEY", "handed to the MQTT engine; takes effect at the next boot");
}
