/** Why the shim refuses a request (docs/protocol.md §2). The C table is firmware/shim/errors.def; a test compares the two. */
export const SHIM_ERRORS = {
  PARSE_ERROR: -32700,
  INVALID_REQUEST: -32600,
  METHOD_NOT_FOUND: -32601,
  INVALID_PARAMS: -32602,
  STALE_LINK: -32001,
  NO_SESSION: -32002,
  ID_TOO_OLD: -32003,
  BUSY: -32004,
  QUEUE_FULL: -32005,
  SLOT_WEDGED: -32006,
  NO_SUCH_SLOT: -32007,
  TOO_LARGE: -32008,
  UNSUPPORTED: -32009,
  FILE_FAILED: -32010,
  NETWORK_FAILED: -32011,
  PROTOCOL_VERSION: -32012,
  CRC_MISMATCH: -32013,
} as const;
export type ShimErrorName = keyof typeof SHIM_ERRORS;

const names: ReadonlyMap<number, string> = new Map(Object.entries(SHIM_ERRORS).map(([name, code]) => [code, name]));

/** e.g. −32001 → `STALE_LINK`; undefined for a code that this version does not know. */
export function findShimErrorName(code: number): string | undefined {
  return names.get(code);
}
