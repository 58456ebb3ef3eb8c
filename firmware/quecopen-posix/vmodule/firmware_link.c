#include "firmware_link.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "control_message.h"

#define ANSWER_MS 5000

enum heard { NEWS, ANSWER, SILENCE, GONE };

static void take_news(struct qlv_machine *machine, const char *text)
{
    char why[256];
    if (strcmp(text, "heard") == 0)
        machine->host_was_heard = true;
    else if (strncmp(text, "keep ", 5) == 0 && !qlv_settings_assign(&machine->settings, text + 5, why, sizeof why))
        fprintf(stderr, "qlhil-vmodule: firmware wants to keep %s: %s\n", text + 5, why);
}

static enum heard hear(struct qlv_machine *machine, char text[QLV_MESSAGE_BYTES + 1], int timeout_ms)
{
    struct pollfd wait = {.fd = machine->control, .events = POLLIN};
    int fds[QLV_MESSAGE_FDS];
    size_t fd_count = 0;
    if (machine->control < 0)
        return GONE;
    if (poll(&wait, 1, timeout_ms) == 0)
        return SILENCE;
    if (qlv_message_receive(machine->control, text, fds, &fd_count) <= 0) {
        close(machine->control);
        machine->control = -1;
        return GONE;
    }
    for (size_t i = 0; i < fd_count; i++)
        close(fds[i]);
    if (strcmp(text, "ok") != 0 && strncmp(text, "error ", 6) != 0) {
        take_news(machine, text);
        return NEWS;
    }
    if (machine->stale_answers == 0)
        return ANSWER;
    machine->stale_answers--;
    return NEWS;
}

bool qlv_firmware_ask(struct qlv_machine *machine, const char *text, const int *fds, size_t fd_count, char *why, size_t why_bytes)
{
    char answer[QLV_MESSAGE_BYTES + 1] = "";
    if (machine->control < 0 || !qlv_message_send(machine->control, text, fds, fd_count))
        return true;
    const int64_t end = qlv_now_ms() + ANSWER_MS;
    for (;;) {
        const int64_t left = end - qlv_now_ms();
        const enum heard heard = left > 0 ? hear(machine, answer, (int)left) : SILENCE;
        if (heard == GONE)
            return true;
        if (heard == ANSWER)
            break;
        if (heard == SILENCE) {
            machine->stale_answers++;
            snprintf(why, why_bytes, "the firmware has not answered for %d ms", ANSWER_MS);
            return false;
        }
    }
    if (strcmp(answer, "ok") == 0)
        return true;
    snprintf(why, why_bytes, "%s", answer + 6);
    return false;
}

void qlv_firmware_listen(struct qlv_machine *machine)
{
    char text[QLV_MESSAGE_BYTES + 1];
    (void)hear(machine, text, 0);
}
