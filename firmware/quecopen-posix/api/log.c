/* Log lines as text on stderr, which the supervisor keeps in DIR/log/child.log. */
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>

#include "ql_api_osi.h"
#include "ql_log.h"

void qlv_log(ql_log_level_e level, const char *tag, const char *format, ...)
{
    static const char letters[] = "-FEWID";
    char line[512];
    int before = 0;
    va_list args;
    const unsigned int index = (unsigned int)level < sizeof letters - 1 ? (unsigned int)level : 0;
    const int used = snprintf(line, sizeof line, "%lld %c %s: ", (long long)ql_rtos_up_time_ms(), letters[index], tag);
    va_start(args, format);
    if (used > 0 && (size_t)used < sizeof line)
        vsnprintf(line + used, sizeof line - (size_t)used, format, args);
    va_end(args);
    /* stderr's own lock would stay taken by a task that is deleted while it writes. */
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, &before);
    fprintf(stderr, "%s\n", line);
    pthread_setcancelstate(before, NULL);
}
