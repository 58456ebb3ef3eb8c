/* What a network stack on the virtual module learns about the data call, besides what applications see. */
#ifndef QLV_NETWORK_H
#define QLV_NETWORK_H

#include <stdbool.h>

/* `cid` as given to ql_mqtt_client_init: sim << 5 | profile. */
bool qlv_data_call_is_up(int cid);

/*
 * `on_lost` is called, on a task of the platform and under no lock, when the network or the application ends the data call of a
 * profile. At most 4 listeners; false when there is no room. Listeners stay for the life of the process.
 */
bool qlv_data_call_listen(void (*on_lost)(int profile, void *ctx), void *ctx);

#endif
