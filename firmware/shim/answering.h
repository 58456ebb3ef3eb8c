/* The JSON of answers. */
#ifndef SHIM_ANSWERING_H
#define SHIM_ANSWERING_H

#include "core/text.h"
#include "shim.h"

/* Writes {"jsonrpc":"2.0","id":id,"error":{...}}, id 0 as null. `data` is JSON or NULL. */
void shim_error_json(struct shim_text *text, uint32_t id, int32_t error, const char *data, size_t data_length);

/* An answer up to where its result's JSON belongs. */
struct shim_text shim_answer_begin(struct shim_answer *answer, uint32_t id);
/* The answer in its kept place: the result that was written, or an error with its data. Under the lock. */
void shim_answer_finish(struct shim_answer *answer, struct shim_text *result, enum shim_error error, const struct shim_misfit *misfit,
                        int64_t code);
/* Answers a request that was answered with SHIM_LATER. `result` is its JSON, or NULL with an error and its code. */
void shim_answer_later(struct shim *shim, uint32_t session, uint32_t id, const char *result, enum shim_error error, int64_t code);

#endif
