/* The USB interfaces that the virtual module has, in the order in which their ttys are numbered. */
#ifndef QLV_INTERFACES_H
#define QLV_INTERFACES_H

/* X(name, bInterfaceNumber): AT commands, diagnostics (silent), modem, NMEA. */
#define QLV_INTERFACES(X) X(AT, 2) X(DIAG, 3) X(MODEM, 7) X(NMEA, 8)

#define QLV_INTERFACE_INDEX(name, number) QLV_INTERFACE_##name,
enum qlv_interface { QLV_INTERFACES(QLV_INTERFACE_INDEX) QLV_INTERFACE_COUNT };
#undef QLV_INTERFACE_INDEX

#endif
