/* Debian's mosquitto with listeners that differ in TLS, on ports of its own, and the files of a module that connects to it. */
#ifndef BROKER_H
#define BROKER_H

#include <stdbool.h>
#include <stdint.h>

enum listener { PLAIN, TLS_GOOD, TLS_OTHER, TLS_NAMED, TLS_USAGE, TLS_FORGED, TLS_MUTUAL, LISTENERS };

/* False if mosquitto is not installed. The folder of certificates becomes the module's UFS. */
bool broker_start(void);
void broker_stop(void);
uint16_t broker_port(enum listener listener);
/* The folder that is UFS. */
const char *broker_folder(void);

#endif
