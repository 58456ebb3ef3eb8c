/* The firmware's end of the line to the supervisor. Without a supervisor (unit tests) every call does nothing. */
#ifndef QLV_CONTROL_H
#define QLV_CONTROL_H

/* `fd` is the socket. */
void qlv_control_start(int fd);

/* Starts the task that obeys what comes; the ports are plugged in by then, or an early "unplug" would be undone. */
void qlv_control_serve(void);

/* Asks the supervisor to start every later boot with this setting. */
void qlv_control_keep(const char *key, const char *value);

/* Tells it that the host has spoken: this boot got far enough to be used. */
void qlv_control_heard(void);

#endif
