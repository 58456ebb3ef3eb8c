/* What the application's init task calls. Costs nothing where the feature is off. */
#ifndef QL_MQTT_HIL_INIT_HOOK_H
#define QL_MQTT_HIL_INIT_HOOK_H

#ifdef QL_APP_FEATURE_MQTT_HIL
#include "ql_mqtt_hil_app.h"

/* The SDK tells applications what is built, as a string. */
#if defined QL_APP_BUILD_RELEASE_TYPE && !defined QL_MQTT_HIL_IN_RELEASE
typedef char ql_mqtt_hil_must_not_be_in_a_release_image[sizeof QL_APP_BUILD_RELEASE_TYPE == sizeof "release" ? -1 : 1];
#endif
#endif

static inline void ql_mqtt_hil_init_hook(void)
{
#ifdef QL_APP_FEATURE_MQTT_HIL
    ql_mqtt_hil_app_init();
#endif
}

#endif
