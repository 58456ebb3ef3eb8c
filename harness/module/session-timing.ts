/** How long the session waits, ms. */
export interface SessionTiming {
  /** For an answer, unless the method has a budget of its own. */
  readonly requestMs: number;
  /** The first repetition of a request without an answer. */
  readonly resendAfterMs: number;
  /** The first hello; then another, with a fresh nonce and twice the patience, up to eight times. */
  readonly helloMs: number;
  /** All hellos of the first opening. */
  readonly openMs: number;
  /** From the loss of the port to the next session. */
  readonly reopenMs: number;
  /** Between two attempts to open the port. */
  readonly reopenPauseMs: number;
  /** Asks for the newest sequence number while something is awaited or not acknowledged. */
  readonly pollMs: number;
  /** The same while nothing is. */
  readonly idlePollMs: number;
  /** Asks again for events that are missing. */
  readonly gapMs: number;
  /** Between two measurements of the clock offset. */
  readonly clockMs: number;
  /** Resolution of all of these. */
  readonly tickMs: number;
}

export const SESSION_TIMING: SessionTiming = {
  requestMs: 5000,
  resendAfterMs: 300,
  helloMs: 500,
  openMs: 10_000,
  reopenMs: 30_000,
  reopenPauseMs: 50,
  pollMs: 200,
  idlePollMs: 1000,
  gapMs: 100,
  clockMs: 5000,
  tickMs: 20,
};

/** Requests that take longer than others (docs/protocol.md §5.3). */
export const NETWORK_UP_MS = 65_000;
