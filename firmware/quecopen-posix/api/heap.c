#include "heap.h"

#include <malloc.h>

#include "sanitized.h"

#if QLV_SANITIZED
/* Of the sanitizer's run time; mallinfo knows nothing of its allocator. */
size_t __sanitizer_get_current_allocated_bytes(void);
#endif

static size_t used_at_start;

static size_t used_by_process(void)
{
#if QLV_SANITIZED
    return __sanitizer_get_current_allocated_bytes();
#else
    struct mallinfo2 figures = mallinfo2();
    return figures.uordblks + figures.hblkhd;
#endif
}

void qlv_heap_start(void)
{
    /* One heap, as a module has: an arena of its own for each thread beyond those before would count as memory that is lost. */
    mallopt(M_ARENA_MAX, 1);
    used_at_start = used_by_process();
}

size_t qlv_heap_used(void)
{
    const size_t used = used_by_process();
    return used > used_at_start ? used - used_at_start : 0;
}
