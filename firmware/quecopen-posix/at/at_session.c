#include "at_session.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "at_command.h"

void qlv_at_session_start(struct qlv_at_session *session, void (*write)(void *ctx, const char *bytes, size_t count), void *ctx)
{
    *session = (struct qlv_at_session){.write = write, .ctx = ctx, .has_echo = true, .error_form = 1};
}

void qlv_at_say(struct qlv_at_session *session, const char *format, ...)
{
    char text[QLV_AT_LINE_BYTES];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    session->write(session->ctx, "\r\n", 2);
    session->write(session->ctx, text, strlen(text));
    session->write(session->ctx, "\r\n", 2);
}

static void say_result(struct qlv_at_session *session, enum qlv_at_result result)
{
    if (result == QLV_AT_OK)
        qlv_at_say(session, "OK");
    else if (result == QLV_AT_ERROR || session->error_form == 0)
        qlv_at_say(session, "ERROR");
    else if (session->error_form == 1)
        qlv_at_say(session, "+CME ERROR: %d", (int)result);
    else
        qlv_at_say(session, "+CME ERROR: %s", qlv_at_result_text(result));
}

/* Skips what is not a command: line noise, a prompt, half a command of somebody who left. */
static char *find_command(char *line)
{
    for (char *at = line; at[0] != '\0' && at[1] != '\0'; at++) {
        if (toupper((unsigned char)at[0]) == 'A' && toupper((unsigned char)at[1]) == 'T')
            return at + 2;
    }
    return NULL;
}

/* The end of the first command in "+CSQ;+CREG?"; a semicolon in quotes divides nothing. */
static char *end_of_command(char *command)
{
    bool is_quoted = false;
    for (; *command != '\0'; command++) {
        if (*command == '"')
            is_quoted = !is_quoted;
        if (*command == ';' && !is_quoted)
            return command;
    }
    return command;
}

static void answer_line(struct qlv_at_session *session, enum qlv_at_end *end)
{
    char *command = find_command(session->line);
    if (command == NULL && session->line[0] == '\0')
        return;
    enum qlv_at_result result = command == NULL || session->is_too_long ? QLV_AT_ERROR : QLV_AT_OK;
    while (result == QLV_AT_OK) {
        char *stop = end_of_command(command);
        const bool is_last = *stop == '\0';
        *stop = '\0';
        result = qlv_at_run(session, command, end);
        if (is_last)
            break;
        command = stop + 1;
    }
    say_result(session, result);
    if (result != QLV_AT_OK)
        *end = QLV_AT_GO_ON;
}

static void finish_line(struct qlv_at_session *session, enum qlv_at_end *end)
{
    session->line[session->length] = '\0';
    answer_line(session, end);
    session->length = 0;
    session->is_too_long = false;
}

enum qlv_at_end qlv_at_feed(struct qlv_at_session *session, const char *bytes, size_t count)
{
    enum qlv_at_end end = QLV_AT_GO_ON;
    for (size_t i = 0; i < count && end == QLV_AT_GO_ON; i++) {
        const char byte = bytes[i];
        if (session->has_echo)
            session->write(session->ctx, &byte, 1);
        /* LF alone ends a line too: people pipe text into ttys. */
        if (byte == '\r' || byte == '\n')
            finish_line(session, &end);
        else if (session->length + 1 >= sizeof session->line)
            session->is_too_long = true;
        else if (byte != '\0')
            session->line[session->length++] = byte;
    }
    return end;
}
