#ifndef QLV_HEAP_H
#define QLV_HEAP_H

#include <stddef.h>

/* Remembers what the process had allocated when the firmware started: the module's heap is counted from there. */
void qlv_heap_start(void);
/* Bytes allocated since, by anybody in this process. */
size_t qlv_heap_used(void);

#endif
