import { types } from 'node:util';

/**
 * What can go wrong, by code, with the data that a handler needs. Other folders add their codes by declaration merging:
 * `declare module '../errors.ts' { interface FailureData { … } }`.
 */
export interface FailureData {
  /** A file, an option or a name is malformed or unknown: the user's to mend (exit 2). */
  CONFIGURATION: { readonly subject: string };
  /** A wait ended without what it waited for. */
  WAIT_EXPIRED: { readonly reason: string; readonly budgetMs: number };
  /** The port is absent, was refused or vanished (exit 3). */
  PORT_LOST: { readonly port: string };
  /** No answer to this request within its budget. */
  RPC_TIMEOUT: { readonly method: string; readonly timeoutMs: number };
  /** The shim refused a request. */
  RPC_REFUSED: { readonly method: string; readonly code: number; readonly name: string };
  /** The other end speaks something else than its contract. */
  PROTOCOL: { readonly saw: string };
  /** The module started again in the middle of a session. */
  MODULE_RESET: { readonly cause: string; readonly announced: boolean };
  /** A tool or child process failed (exit 3). */
  CHILD_FAILED: { readonly command: string; readonly exitCode: number | null };
  /** A contract inside the harness was broken (exit 4). */
  HARNESS_BUG: { readonly where: string };
}

export type FailureCode = keyof FailureData;

/** The only error that the harness throws on purpose. `message` says what, with numbers and units; match on `code`. */
export class HarnessError<C extends FailureCode = FailureCode> extends Error {
  readonly code: C;
  readonly data: FailureData[C];

  constructor(code: C, message: string, data: FailureData[C], options?: ErrorOptions) {
    super(message, options);
    this.name = 'HarnessError';
    this.code = code;
    this.data = data;
  }
}

/** Narrows to one code, so that `data` is typed. */
export function isFailure<C extends FailureCode>(thrown: unknown, code: C): thrown is HarnessError<C> {
  return thrown instanceof HarnessError && thrown.code === code;
}

/**
 * Turns whatever was thrown into an Error.
 *
 * Not `instanceof Error`: under Jest, errors from fs, net and tls belong to another realm and fail it.
 */
export function asError(thrown: unknown): Error {
  return types.isNativeError(thrown) ? thrown : new Error(String(thrown));
}
