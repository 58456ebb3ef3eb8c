/** Where time comes from, so that a test can hold it still. */
export interface Clock {
  /** Milliseconds, rising, with a fraction; the zero is arbitrary. */
  nowMs(): number;
}

/** The machine's monotonic clock. */
export const systemClock: Clock = { nowMs: () => performance.now() };
