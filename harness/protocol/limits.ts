/** Limits of the shim protocol (docs/protocol.md §1, §5). */
export const PROTOCOL_VERSION = '1.0';
/** Longest line to the module, with checksum and LF. */
export const LINE_TO_MODULE_BYTES = 4096;
/** Longest line from the module, with checksum and LF. */
export const LINE_FROM_MODULE_BYTES = 8192;
export const REQUESTS_OUTSTANDING = 16;
export const ANSWERS_KEPT = 32;
export const BATCH_CALLS = 16;
export const SLOTS = 6;
/** Bytes of a file or a capture in one request, before base64. */
export const CHUNK_BYTES = 2048;
export const REQUEST_ID_MAX = 2 ** 31 - 1;
export const TOKEN_MAX = 2 ** 32 - 1;
