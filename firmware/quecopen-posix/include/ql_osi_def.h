/* Fixed-width names of the QuecOpen SDK, and what its OS calls share. */
#ifndef QL_OSI_DEF_H
#define QL_OSI_DEF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Which API generation this build stands for: 1 = the manual's (2021), 2 = R03. */
#ifndef QL_SDK_GENERATION
#define QL_SDK_GENERATION 1
#endif

typedef uint8_t uint8;
typedef uint16_t uint16;
typedef uint32_t uint32;
typedef int32_t int32;
typedef int64_t int64;

/* 0 is success; every other value is a failure whose number carries no contract. */
typedef int QlOSStatus;
#define QL_OSI_SUCCESS 0

/* Timeouts in ms. */
#define QL_WAIT_FOREVER 0xFFFFFFFFu
#define QL_NO_WAIT 0u

/* Task priorities; an application does not go above APP_PRIORITY_ABOVE_NORMAL. */
#define APP_PRIORITY_IDLE 1
#define APP_PRIORITY_LOW 4
#define APP_PRIORITY_BELOW_NORMAL 8
#define APP_PRIORITY_NORMAL 12
#define APP_PRIORITY_ABOVE_NORMAL 16
#define APP_PRIORITY_HIGH 25
#define APP_PRIORITY_REALTIME 30

#endif
