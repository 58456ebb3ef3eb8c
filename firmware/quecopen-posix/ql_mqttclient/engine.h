/* The lock, the clock and the two tasks that all clients share. */
#ifndef MQ_ENGINE_H
#define MQ_ENGINE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

/* Starts the tasks, once a process. False if there is no room for them. */
bool mq_engine_start(void);
void mq_engine_lock(void);
void mq_engine_unlock(void);
/* The lock, for condition variables. */
pthread_mutex_t *mq_engine_mutex(void);
/* Makes the socket task look at its clients again. From any thread. */
void mq_engine_wake(void);
/* Monotonic, so that a clock that is set does not fire time-outs. */
int64_t mq_engine_now_ms(void);

#endif
