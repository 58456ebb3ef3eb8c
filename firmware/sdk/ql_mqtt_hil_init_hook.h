/* What the application's init task calls. Costs nothing where the feature is off. */
#ifndef QL_MQTT_HIL_INIT_HOOK_H
#define QL_MQTT_HIL_INIT_HOOK_H

#ifdef QL_APP_FEATURE_MQTT_HIL
#include "ql_mqtt_hil_app.h"
#endif

static inline void ql_mqtt_hil_init_hook(void)
{
#ifdef QL_APP_FEATURE_MQTT_HIL
    ql_mqtt_hil_app_init();
#endif
}

#endif
