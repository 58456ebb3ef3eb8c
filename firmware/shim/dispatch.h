/* From a line to its answer. Called by the reader alone. */
#ifndef SHIM_DISPATCH_H
#define SHIM_DISPATCH_H

#include "core/members.h"
#include "core/text.h"
#include "shim.h"

enum { SHIM_METHOD_HELLO = 1, SHIM_METHOD_CALL = 2, SHIM_METHOD_NOTIFY = 4 };

/* Bytes as they come from the port. */
void shim_receive(struct shim *shim, const char *bytes, size_t count);

/* Takes the params apart; `link` must be in the table. Gives SHIM_OK or SHIM_ERROR_INVALID_PARAMS. */
enum shim_error shim_take_params(struct shim_request *request, const struct shim_member *members, int count, void *into);
/* INVALID_PARAMS that names this member. */
enum shim_error shim_misfit(struct shim_request *request, const char *name);

/* For methods whose only param is the link. */
enum shim_error shim_take_nothing(struct shim_request *request);

/* For tables: every method but hello has it, and dispatch has judged it. `type` is the struct that holds `int64_t link`. */
#define SHIM_LINK_MEMBER(type) {"link", SHIM_MEMBER_INT, true, offsetof(type, link), 0, UINT32_MAX}

/* Each writes its result's JSON. */
#define METHOD(name, handler, flags) enum shim_error handler(struct shim *, struct shim_request *, struct shim_text *);
#include "methods.def"
#undef METHOD

#endif
