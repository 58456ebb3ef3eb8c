/* Environment variables by which the supervisor speaks to the firmware that it starts. */
#ifndef QLV_ENV_H
#define QLV_ENV_H

/* The supervisor's folder; files of the module are in its `ufs`. */
#define QLV_ENV_DIR "QLV_DIR"
/* "2:5,8:6": bInterfaceNumber:file descriptor of the PTY master. */
#define QLV_ENV_PORTS "QLV_PORTS"
/* Why the module boots; names in qlv_exit.h. */
#define QLV_ENV_BOOT_CAUSE "QLV_BOOT_CAUSE"
/* "key=value" lines, one a setting. */
#define QLV_ENV_SETTINGS "QLV_SETTINGS"
/* File descriptor of the socket on which control lines arrive and are answered. */
#define QLV_ENV_CONTROL_FD "QLV_CONTROL_FD"
/* "key=value;…" for the MQTT engine. */
#define QLV_ENV_MQTTCLIENT "QL_MQTTCLIENT_OPTIONS"
/* For the command given with --boot-rom: the PTY master of the download port. */
#define QLV_ENV_ROM_TTY_FD "QLHIL_ROM_TTY_FD"

#endif
