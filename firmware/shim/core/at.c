#include "at.h"

#include <string.h>

static const struct {
    const char *name;
    bool may_set;
} commands[] = {
#define AT_COMMAND(name, may_set) {name, may_set},
#include "at_commands.def"
#undef AT_COMMAND
};

static char upper(char c)
{
    return (char)(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c);
}

/* What follows the prefix, or NULL. */
static const char *behind(const char *text, const char *prefix)
{
    while (*prefix != '\0')
        if (upper(*text++) != *prefix++)
            return NULL;
    return text;
}

/* One command a line, so that none hides behind another. */
static bool is_one_command(const char *command)
{
    for (const char *at = command; *at != '\0'; at++)
        if (*at < 0x20 || *at > 0x7e || *at == ';')
            return false;
    return true;
}

bool shim_at_allowed(const char *command)
{
    const char *name = behind(command, "AT");
    if (name == NULL || !is_one_command(command))
        return false;
    if (*name == '\0')
        return true;
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        const char *rest = behind(name, commands[i].name);
        if (rest == NULL)
            continue;
        if (*rest == '\0' || strcmp(rest, "?") == 0 || strcmp(rest, "=?") == 0)
            return true;
        if (*rest == '=' && commands[i].may_set)
            return true;
    }
    return false;
}

bool shim_at_final(const char *line, size_t length)
{
    static const char *const whole[] = {"OK", "ERROR", "NO CARRIER", "NO DIALTONE", "BUSY", "NO ANSWER"};
    static const char *const begins[] = {"+CME ERROR:", "+CMS ERROR:"};
    for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++)
        if (length == strlen(whole[i]) && memcmp(line, whole[i], length) == 0)
            return true;
    for (size_t i = 0; i < sizeof begins / sizeof begins[0]; i++)
        if (length >= strlen(begins[i]) && memcmp(line, begins[i], strlen(begins[i])) == 0)
            return true;
    return false;
}
