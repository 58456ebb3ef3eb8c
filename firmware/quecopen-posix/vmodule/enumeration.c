#include "enumeration.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "events.h"
#include "pty.h"

static const int interface_numbers[] = {
#define NUMBER_OF(name, number) number,
    QLV_INTERFACES(NUMBER_OF)
#undef NUMBER_OF
};

/* What the tree and the event say about the ports. */
static void announce(const struct qlv_machine *machine, const char *mode)
{
    qlv_event_begin("plugged");
    qlv_event_number("boot", machine->boot);
    qlv_event_number("pid", machine->pid);
    qlv_event_text("mode", mode);
    qlv_event_number("devnum", machine->device.devnum);
    qlv_event_open("ports");
    for (size_t i = 0; i < machine->device.port_count; i++) {
        const struct qlv_tree_port *port = &machine->device.ports[i];
        char number[8];
        char path[sizeof machine->options->dir + 32];
        (void)snprintf(number, sizeof number, "%d", port->interface_number);
        (void)snprintf(path, sizeof path, "%s/dev/%s", machine->options->dir, port->tty);
        qlv_event_text(number, path);
    }
    qlv_event_close();
    (void)qlv_event_end();
}

bool qlv_enumeration_show(struct qlv_machine *machine, const char *mode)
{
    /* USB addresses run from 1 to 127; 1 is the hub. */
    machine->device.devnum = 2 + machine->enumerations % 126;
    machine->enumerations++;
    if (!qlv_tree_plug(machine->options->dir, &machine->device)) {
        qlv_machine_fail(machine, "cannot write the folders of what is plugged in");
        return false;
    }
    machine->is_plugged = true;
    announce(machine, mode);
    return true;
}

void qlv_enumeration_hide(struct qlv_machine *machine)
{
    qlv_tree_unplug(machine->options->dir, &machine->device);
    machine->is_plugged = false;
}

bool qlv_enumeration_open(struct qlv_machine *machine, int masters[QLV_INTERFACE_COUNT])
{
    const int first = machine->enumerations % QLV_TTY_NUMBERS;
    machine->device = (struct qlv_tree_device){.vendor = "2c7c",
                                               .product = "0901",
                                               /* The real ones say no more: the model is only in ATI. */
                                               .text = "Android",
                                               .interface_class = "ff",
                                               .port_count = QLV_INTERFACE_COUNT};
    for (int i = 0; i < QLV_INTERFACE_COUNT; i++)
        masters[i] = -1;
    for (int i = 0; i < QLV_INTERFACE_COUNT; i++) {
        struct qlv_pty pty;
        struct qlv_tree_port *port = &machine->device.ports[i];
        if (!qlv_pty_open(&pty)) {
            qlv_machine_fail(machine, "cannot open a pseudo terminal");
            return false;
        }
        masters[i] = pty.master;
        port->interface_number = interface_numbers[i];
        (void)snprintf(port->tty, sizeof port->tty, "ttyUSB%d", first + i);
        memcpy(port->pts, pty.name, sizeof port->pts);
    }
    return true;
}

void qlv_enumeration_close(const int masters[QLV_INTERFACE_COUNT])
{
    for (int i = 0; i < QLV_INTERFACE_COUNT; i++) {
        if (masters[i] >= 0)
            close(masters[i]);
    }
}

void qlv_enumeration_list(const int masters[QLV_INTERFACE_COUNT], bool with_fds, char *text, size_t room)
{
    size_t used = 0;
    text[0] = '\0';
    for (int i = 0; i < QLV_INTERFACE_COUNT && masters[i] >= 0 && used < room; i++) {
        used += (size_t)snprintf(text + used, room - used, "%s%d", i == 0 ? "" : ",", interface_numbers[i]);
        if (with_fds && used < room)
            used += (size_t)snprintf(text + used, room - used, ":%d", masters[i]);
    }
}
