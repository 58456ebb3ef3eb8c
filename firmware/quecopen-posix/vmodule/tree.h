/*
 * What is plugged in, as files: DIR/dev/ttyUSB0 → /dev/pts/N, and DIR/sys in the shape of /sys:
 *
 *   bus/usb/devices/1-1/{idVendor,idProduct,busnum,devnum,devpath,product,manufacturer}
 *   bus/usb/devices/1-1/1-1:1.2/{bInterfaceNumber,bInterfaceClass}, …/1-1:1.2/ttyUSB0/tty/ttyUSB0/
 *   bus/usb/devices/1-1:1.2 → 1-1/1-1:1.2          class/tty/ttyUSB0/device → …/1-1:1.2/ttyUSB0
 *
 * CDC-ACM ports lack the middle folder, as in the real /sys: …/1-1:1.0/tty/ttyACM0, and `device` is the interface itself.
 *
 * The folder 1-1 comes and goes as a whole, by one rename.
 */
#ifndef QLV_TREE_H
#define QLV_TREE_H

#include <stdbool.h>
#include <stddef.h>

#define QLV_TREE_PORTS 8

struct qlv_tree_port {
    int interface_number;
    char tty[16]; /* ttyUSB0 */
    char pts[64]; /* /dev/pts/N */
};

struct qlv_tree_device {
    const char *vendor;  /* 2c7c */
    const char *product; /* 0901 */
    const char *text; /* product and manufacturer; NULL without strings */
    const char *interface_class; /* ff */
    int devnum;
    size_t port_count;
    struct qlv_tree_port ports[QLV_TREE_PORTS];
};

/* Makes the empty tree; leaves nothing of an earlier run. */
bool qlv_tree_start(const char *dir);
bool qlv_tree_plug(const char *dir, const struct qlv_tree_device *device);
void qlv_tree_unplug(const char *dir, const struct qlv_tree_device *device);

#endif
