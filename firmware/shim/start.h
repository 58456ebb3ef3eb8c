/* Everything that the shim ever allocates, taken once. */
#ifndef SHIM_START_H
#define SHIM_START_H

#include "shim.h"

/* Cut from one piece, so that the heap shows a single block of ours. */
struct shim_memory {
    uint8_t arena[SHIM_ARENA_BYTES];
    uint8_t captures[SHIM_CAPTURE_BYTES];
    uint8_t events[SHIM_QUEUE_BYTES];
    jsmntok_t tokens[SHIM_JSON_TOKENS];
    char answers[SHIM_ANSWER_TEXTS];
    char line_in[SHIM_LINE_IN];
    char line_out[SHIM_LINE_OUT];
    char line_at[SHIM_AT_LINE_KEPT];
    uint8_t chunk[SHIM_CHUNK_MAX];
};

/* A shim as after a boot, in this memory. False when the OS gave out. */
bool shim_init(struct shim *shim, struct shim_memory *memory);

/* Memory and OS objects; no task runs yet. False when the module has too little memory. */
bool shim_start(struct shim *shim);

#endif
