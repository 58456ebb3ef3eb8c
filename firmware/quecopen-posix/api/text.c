#include "text.h"

#include <string.h>

bool qlv_give_text(char *to, size_t room, const char *text)
{
    const size_t length = strlen(text);
    if (to == NULL || room <= length)
        return false;
    memcpy(to, text, length + 1);
    return true;
}
