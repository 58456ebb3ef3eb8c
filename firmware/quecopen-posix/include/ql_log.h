/* Log lines. On the virtual module they go to the child's stderr as text. */
#ifndef QL_LOG_H
#define QL_LOG_H

#include "ql_osi_def.h"

typedef enum {
    QL_LOG_LEVEL_NONE = 0,
    QL_LOG_LEVEL_FATAL,
    QL_LOG_LEVEL_ERROR,
    QL_LOG_LEVEL_WARNING,
    QL_LOG_LEVEL_INFO,
    QL_LOG_LEVEL_DEBUG
} ql_log_level_e;

__attribute__((format(printf, 3, 4))) void qlv_log(ql_log_level_e level, const char *tag, const char *format, ...);

/* The format is the third argument: QL_LOG(level, tag, format, ...). */
#define QL_LOG(level, tag, ...) qlv_log(level, tag, __VA_ARGS__)

#endif
