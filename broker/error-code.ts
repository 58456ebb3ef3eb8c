import { types } from 'node:util';

/**
 * The `code` of an error of net, tls or fs, e.g. `ECONNRESET`; else its message.
 *
 * Not `instanceof Error`: under Jest, errors from net and tls belong to another realm and fail it.
 */
export function errorCode(thrown: unknown): string {
  if (!types.isNativeError(thrown)) return String(thrown);
  return 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : thrown.message;
}

/** What an error says, without its stack. */
export function errorMessage(thrown: unknown): string {
  return types.isNativeError(thrown) ? thrown.message : String(thrown);
}
