/* The application that this firmware runs: on a module, what the SDK's init task calls. */
#ifndef QLV_APPLICATION_H
#define QLV_APPLICATION_H

/* Starts the application's tasks and returns. */
void ql_mqtt_hil_app_init(void);

#endif
