/* Takes a JSON object apart by a table of its members: each lands in a struct. Unknown and doubled members are refused. */
#ifndef SHIM_MEMBERS_H
#define SHIM_MEMBERS_H

#include "json.h"

enum shim_member_type {
    SHIM_MEMBER_INT,  /* int64_t between min and max */
    SHIM_MEMBER_FLAG, /* int64_t: an integer, or true and false as 1 and 0 */
    SHIM_MEMBER_BOOL, /* bool */
    SHIM_MEMBER_TEXT, /* int: the value, a JSON string */
    SHIM_MEMBER_ANY   /* int: the value, whatever it is */
};

struct shim_member {
    const char *name;
    enum shim_member_type type;
    bool required;
    size_t offset;
    int64_t min;
    int64_t max;
};

/* A value that is not there (members of type int). */
#define SHIM_ABSENT (-1)

#define SHIM_MEMBERS(table) (table), (int)(sizeof(table) / sizeof((table)[0]))

/* One that did not fit: unknown, doubled, missing, or of another type or range. */
struct shim_misfit {
    char name[32];
};

/* Room for its name as JSON. */
#define SHIM_MISFIT_JSON (6 * sizeof(struct shim_misfit) + 3)

void shim_misfit_set(struct shim_misfit *misfit, const char *name);

/* Fills `into`, which holds the defaults of optional members. At most 32 members. */
bool shim_members_take(const struct shim_json *json, int object, const struct shim_member *members, int count, void *into,
                       struct shim_misfit *misfit);
/* The value of that member, or SHIM_ABSENT. */
int shim_members_find(const struct shim_json *json, int object, const char *name);

#endif
