#include "defects.h"

#include <string.h>

bool mq_defect_enabled[MQ_DEFECT_COUNT];

static const char *const names[MQ_DEFECT_COUNT] = {
#define DEFECT(id, name, clause, family, gloss) name,
#include "defects.def"
#undef DEFECT
};

int mq_defect_enable(const char *name, size_t length)
{
    for (size_t i = 0; i < MQ_DEFECT_COUNT; i++)
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) {
            mq_defect_enabled[i] = true;
            return 0;
        }
    return -1;
}

void mq_defects_clear(void)
{
    memset(mq_defect_enabled, 0, sizeof mq_defect_enabled);
}
