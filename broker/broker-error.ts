/** What can go wrong in the broker, by code, with the data that a caller needs. */
export interface BrokerFailureData {
  /** A wait ended without what it waited for. */
  WAIT_EXPIRED: { readonly reason: string; readonly budgetMs: number };
  /** What a wait, a gate or a script was attached to has been closed. */
  CLOSED: { readonly what: string };
  /** The address or port can't be listened on. */
  LISTEN_FAILED: { readonly address: string; readonly port: number };
  /** The module sent something else than the script expected. */
  SCRIPT_MISMATCH: { readonly expected: string; readonly saw: string };
  /** The ordinary peer could not take a message. */
  PUBLISH_FAILED: { readonly topic: string };
  /** An option or a call that makes no sense. */
  USAGE: { readonly subject: string };
}

export type BrokerFailureCode = keyof BrokerFailureData;

/** The only error that the broker throws on purpose. Match on `code`. */
export class BrokerError<C extends BrokerFailureCode = BrokerFailureCode> extends Error {
  readonly code: C;
  readonly data: BrokerFailureData[C];

  constructor(code: C, message: string, data: BrokerFailureData[C], options?: ErrorOptions) {
    super(message, options);
    this.name = 'BrokerError';
    this.code = code;
    this.data = data;
  }
}

/** Narrows to one code, so that `data` is typed. */
export function isBrokerFailure<C extends BrokerFailureCode>(thrown: unknown, code: C): thrown is BrokerError<C> {
  return thrown instanceof BrokerError && thrown.code === code;
}
