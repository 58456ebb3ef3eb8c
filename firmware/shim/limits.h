/* Every limit of the shim. Those that the protocol promises are in docs/protocol.md; the rest size its memory. */
#ifndef SHIM_LIMITS_H
#define SHIM_LIMITS_H

#define SHIM_VERSION "0.1.0"
#define SHIM_PROTOCOL_MAJOR 1
#define SHIM_PROTOCOL "1.0"

/* Bytes of a line with checksum and LF. */
#define SHIM_LINE_IN 4096
#define SHIM_LINE_OUT 8192
/* Checksum (`*` and 8 digits) and LF. */
#define SHIM_LINE_TAIL 10

#define SHIM_JSON_DEPTH 8
/* Tokens of one line. A full batch of calls has about 700. */
#define SHIM_JSON_TOKENS 1024

#define SHIM_OUTSTANDING 16
#define SHIM_ANSWERS_KEPT 32
/* JSON text of one answer; file.read and capture.read fill it most. */
#define SHIM_ANSWER_BYTES 3072
#define SHIM_BATCH 16
#define SHIM_OUTBOX 64

#define SHIM_SLOTS 6
#define SHIM_SLOT_WAITING 16
/* ms that a call may run before its slot counts as wedged. */
#define SHIM_WEDGED_MS 60000

/* Calls that wait, run, or may still have a callback to come. */
#define SHIM_CALLS 256
#define SHIM_REACTIONS 16
#define SHIM_REACTION_CALLS 4
#define SHIM_REACTION_TIMES 16
/* Handle variables for `client: {"value": n}`. */
#define SHIM_VALUES 32
#define SHIM_TASKS 32

#ifndef SHIM_QUEUE_BYTES
#define SHIM_QUEUE_BYTES 32768
#endif
/* One call with a 65,535-byte topic and payload fits, and another call's strings beside it. */
#ifndef SHIM_ARENA_BYTES
#define SHIM_ARENA_BYTES (160 * 1024)
#endif
/* The largest payload that a callback can bring fits. */
#ifndef SHIM_CAPTURE_BYTES
#define SHIM_CAPTURE_BYTES (96 * 1024)
#endif
#define SHIM_CAPTURES 64

#define SHIM_STRING_MAX 65536
#define SHIM_CHUNK_MAX 2048
#define SHIM_FILE_NAME_MAX 64

/* Of an event. */
#define SHIM_TOPIC_KEPT 128
#define SHIM_PAYLOAD_KEPT 64
#define SHIM_TOKEN_TEXT_KEPT 1024
#define SHIM_AT_LINE_KEPT 512
#define SHIM_WHY_KEPT 64

/* ms that an announced reset waits for the host to acknowledge its event. */
#define SHIM_RESET_GRACE_MS 500

#endif
