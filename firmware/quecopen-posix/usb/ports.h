#ifndef QLV_PORTS_H
#define QLV_PORTS_H

#include <stdbool.h>
#include <stdint.h>

/* Starts the task that moves bytes between the ports' buffers and the cable. */
void qlv_ports_start(void);

/* The cable of one interface: the master of a raw PTY, which the port owns from here on. False for an interface that isn't ours. */
bool qlv_ports_plug(int interface_number, int master);

/* Pulls the cable of every interface: the host sees its ttys go. */
void qlv_ports_unplug(void);

/* Ports that leave what is written to them with the host. In the order of the setting `deaf`. */
enum qlv_deafness {
    QLV_HEARS,
    QLV_DEAF_APPLICATION,  /* those that an application may open */
    QLV_DEAF_UNTIL_OPENED, /* all, until the host opens one of the application's */
    QLV_DEAF,              /* all */
};
void qlv_ports_set_deaf(enum qlv_deafness deafness);

/* Waits until the host has read what was written, at most so long. */
void qlv_ports_drain(uint32_t timeout_ms);

#endif
