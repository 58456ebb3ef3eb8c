#include "members.h"

#include <string.h>

void shim_misfit_set(struct shim_misfit *misfit, const char *name)
{
    size_t length = strlen(name);
    if (length >= sizeof misfit->name)
        length = sizeof misfit->name - 1;
    memcpy(misfit->name, name, length);
    misfit->name[length] = '\0';
}

/* Names a member as the host wrote it, cut to what can be told, escapes and all but in valid UTF-8. */
static void misfit_key(struct shim_misfit *misfit, const struct shim_json *json, int key)
{
    const jsmntok_t *token = &json->tokens[key];
    size_t length = (size_t)(token->end - token->start);
    size_t kept = 0;
    for (; kept < length && kept < sizeof misfit->name - 1; kept++) {
        char c = json->text[token->start + (int)kept];
        misfit->name[kept] = (char)((unsigned char)c < 0x80 ? c : '?');
    }
    misfit->name[kept] = '\0';
}

static bool store(const struct shim_json *json, int value, const struct shim_member *member, void *into)
{
    char *field = (char *)into + member->offset;
    int64_t number = 0;
    bool flag = false;
    bool is_flag = false;
    switch (member->type) {
    case SHIM_MEMBER_FLAG:
        is_flag = shim_json_bool(json, value, &flag);
        number = flag;
        /* fall through */
    case SHIM_MEMBER_INT:
        if (!is_flag && !shim_json_int(json, value, &number))
            return false;
        memcpy(field, &number, sizeof number);
        return number >= member->min && number <= member->max;
    case SHIM_MEMBER_BOOL:
        if (!shim_json_bool(json, value, &flag))
            return false;
        memcpy(field, &flag, sizeof flag);
        return true;
    case SHIM_MEMBER_TEXT:
        memcpy(field, &value, sizeof value);
        return shim_json_is_string(json, value);
    default:
        memcpy(field, &value, sizeof value);
        return true;
    }
}

bool shim_members_take(const struct shim_json *json, int object, const struct shim_member *members, int count, void *into,
                       struct shim_misfit *misfit)
{
    uint32_t seen = 0;
    int end = shim_json_after(json, object);
    for (int key = object + 1; key < end; key = shim_json_after(json, key + 1)) {
        int i = 0;
        while (i < count && !shim_json_equals(json, key, members[i].name))
            i++;
        if (i == count || (seen >> i & 1) != 0 || !store(json, key + 1, &members[i], into)) {
            misfit_key(misfit, json, key);
            return false;
        }
        seen |= (uint32_t)1 << i;
    }
    for (int i = 0; i < count; i++) {
        if (members[i].required && (seen >> i & 1) == 0) {
            shim_misfit_set(misfit, members[i].name);
            return false;
        }
    }
    return true;
}

int shim_members_find(const struct shim_json *json, int object, const char *name)
{
    int end = shim_json_after(json, object);
    for (int key = object + 1; key < end; key = shim_json_after(json, key + 1))
        if (shim_json_equals(json, key, name))
            return key + 1;
    return SHIM_ABSENT;
}
