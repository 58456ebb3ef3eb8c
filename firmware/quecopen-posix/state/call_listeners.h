#ifndef QLV_CALL_LISTENERS_H
#define QLV_CALL_LISTENERS_H

#include <stdbool.h>

void qlv_call_listeners_start(void);

/* Tells everybody, on the platform's own task, that a profile's data call ended; `by_network` unless the application ended it. */
void qlv_call_lost(int profile, bool by_network);

/* Tells the application, on that task, the outcome of an asynchronous start or stop. */
void qlv_call_answered(int profile, unsigned int indication, bool result);

#endif
