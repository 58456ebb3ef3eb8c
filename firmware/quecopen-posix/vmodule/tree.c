#include "tree.h"

#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define DEVICES "sys/bus/usb/devices"
#define CLASS "sys/class/tty"
/* Beside the tree, so that a scan of it sees neither what is being made nor what is being taken away. */
#define STAGING "sys/.staging"
#define BUS_PATH "1-1"
#define PATH_BYTES 3072

struct path {
    char text[PATH_BYTES];
};

__attribute__((format(printf, 1, 2))) static struct path path_of(const char *format, ...)
{
    struct path path;
    va_list args;
    va_start(args, format);
    vsnprintf(path.text, sizeof path.text, format, args);
    va_end(args);
    return path;
}

static bool make_folder(struct path path)
{
    return mkdir(path.text, 0755) == 0 || errno == EEXIST;
}

static bool write_file(struct path path, const char *text)
{
    FILE *file = fopen(path.text, "we");
    if (file == NULL)
        return false;
    const bool is_written = fprintf(file, "%s\n", text) > 0;
    return fclose(file) == 0 && is_written;
}

static int remove_one(const char *path, const struct stat *about, int kind, struct FTW *where)
{
    (void)about;
    (void)kind;
    (void)where;
    return remove(path);
}

static void remove_all(struct path path)
{
    (void)nftw(path.text, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

/* Replaces whatever was there in one step. */
static bool link_to(struct path path, const char *target)
{
    const struct path fresh = path_of("%s.new", path.text);
    (void)unlink(fresh.text);
    return symlink(target, fresh.text) == 0 && rename(fresh.text, path.text) == 0;
}

bool qlv_tree_start(const char *dir)
{
    static const char *const folders[] = {"sys", "sys/bus", "sys/bus/usb", DEVICES, "sys/class", CLASS, "dev"};
    remove_all(path_of("%s/sys", dir));
    remove_all(path_of("%s/dev", dir));
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        if (!make_folder(path_of("%s/%s", dir, folders[i])))
            return false;
    }
    return true;
}

static bool is_acm(const struct qlv_tree_port *port)
{
    return strncmp(port->tty, "ttyACM", 6) == 0;
}

static bool write_tty(struct path interface, const struct qlv_tree_port *port)
{
    struct path parent = interface;
    if (!is_acm(port))
        parent = path_of("%s/%s", interface.text, port->tty);
    return make_folder(parent) && make_folder(path_of("%s/tty", parent.text)) &&
           make_folder(path_of("%s/tty/%s", parent.text, port->tty));
}

static bool write_interface(const char *folder, const struct qlv_tree_device *device, const struct qlv_tree_port *port)
{
    const struct path made = path_of("%s/" BUS_PATH ":1.%d", folder, port->interface_number);
    const struct path number = path_of("%02x", (unsigned)port->interface_number);
    return make_folder(made) && write_file(path_of("%s/bInterfaceNumber", made.text), number.text) &&
           write_file(path_of("%s/bInterfaceClass", made.text), device->interface_class) &&
           write_tty(made, port);
}

static bool write_device(const char *folder, const struct qlv_tree_device *device)
{
    const struct path devnum = path_of("%d", device->devnum);
    bool done = make_folder(path_of("%s", folder)) && write_file(path_of("%s/idVendor", folder), device->vendor) &&
                write_file(path_of("%s/idProduct", folder), device->product) && write_file(path_of("%s/busnum", folder), "1") &&
                write_file(path_of("%s/devnum", folder), devnum.text) && write_file(path_of("%s/devpath", folder), "1");
    /* The boot ROM has no strings; the real /sys then has no files. */
    if (device->text != NULL)
        done = done && write_file(path_of("%s/product", folder), device->text) &&
               write_file(path_of("%s/manufacturer", folder), device->text);
    for (size_t i = 0; i < device->port_count; i++)
        done = done && write_interface(folder, device, &device->ports[i]);
    return done;
}

static bool link_port(const char *dir, const struct qlv_tree_port *port)
{
    const struct path tty = path_of("%s/" CLASS "/%s", dir, port->tty);
    const struct path parent = path_of("../../../bus/usb/devices/" BUS_PATH "/" BUS_PATH ":1.%d/%s", port->interface_number,
                                       is_acm(port) ? "" : port->tty);
    const struct path name = path_of(BUS_PATH ":1.%d", port->interface_number);
    const struct path target = path_of(BUS_PATH "/%s", name.text);
    return make_folder(tty) && link_to(path_of("%s/device", tty.text), parent.text) &&
           link_to(path_of("%s/" DEVICES "/%s", dir, name.text), target.text) &&
           link_to(path_of("%s/dev/%s", dir, port->tty), port->pts);
}

bool qlv_tree_plug(const char *dir, const struct qlv_tree_device *device)
{
    const struct path staging = path_of("%s/" STAGING, dir);
    const struct path place = path_of("%s/" DEVICES "/" BUS_PATH, dir);
    remove_all(staging);
    bool done = write_device(staging.text, device);
    /* The device comes last: who finds it finds its ports. */
    for (size_t i = 0; i < device->port_count; i++)
        done = done && link_port(dir, &device->ports[i]);
    return done && rename(staging.text, place.text) == 0;
}

void qlv_tree_unplug(const char *dir, const struct qlv_tree_device *device)
{
    const struct path gone = path_of("%s/sys/.gone", dir);
    remove_all(gone);
    (void)rename(path_of("%s/" DEVICES "/" BUS_PATH, dir).text, gone.text);
    for (size_t i = 0; i < device->port_count; i++) {
        const struct qlv_tree_port *port = &device->ports[i];
        (void)unlink(path_of("%s/dev/%s", dir, port->tty).text);
        (void)unlink(path_of("%s/" DEVICES "/" BUS_PATH ":1.%d", dir, port->interface_number).text);
        remove_all(path_of("%s/" CLASS "/%s", dir, port->tty));
    }
    remove_all(gone);
}
