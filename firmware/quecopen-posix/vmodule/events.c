#include "events.h"

static bool needs_comma;

static void put_text(const char *text)
{
    putchar('"');
    for (const unsigned char *at = (const unsigned char *)text; *at != '\0'; at++) {
        if (*at == '"' || *at == '\\')
            printf("\\%c", *at);
        else if (*at < 0x20)
            printf("\\u%04x", (unsigned)*at);
        else
            putchar(*at);
    }
    putchar('"');
}

static void put_key(const char *key)
{
    if (needs_comma)
        putchar(',');
    needs_comma = true;
    put_text(key);
    putchar(':');
}

void qlv_event_begin(const char *name)
{
    putchar('{');
    needs_comma = false;
    qlv_event_text("event", name);
}

void qlv_event_number(const char *key, long long value)
{
    put_key(key);
    printf("%lld", value);
}

void qlv_event_text(const char *key, const char *value)
{
    put_key(key);
    put_text(value);
}

void qlv_event_bool(const char *key, bool value)
{
    put_key(key);
    fputs(value ? "true" : "false", stdout);
}

void qlv_event_open(const char *key)
{
    put_key(key);
    putchar('{');
    needs_comma = false;
}

void qlv_event_close(void)
{
    putchar('}');
    needs_comma = true;
}

bool qlv_event_end(void)
{
    fputs("}\n", stdout);
    return fflush(stdout) == 0;
}
