/* Faults that the client can be told to have, so that a test harness can show that it sees them. See defects.def. */
#ifndef MQ_DEFECTS_H
#define MQ_DEFECTS_H

#include <stdbool.h>
#include <stddef.h>

enum mq_defect {
#define DEFECT(id, name, clause, family, gloss) MQ_DEFECT_##id,
#include "defects.def"
#undef DEFECT
    MQ_DEFECT_COUNT
};

extern bool mq_defect_enabled[MQ_DEFECT_COUNT];

/* Stands where such a fault would sit in real firmware. */
static inline bool mq_defect(enum mq_defect defect)
{
    return mq_defect_enabled[defect];
}

/* 0, or -1 when no defect is called so. */
int mq_defect_enable(const char *name, size_t length);
void mq_defects_clear(void);

#endif
