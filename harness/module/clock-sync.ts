/** Module clock minus host clock, ms, uncertain by ±ε. */
export interface ClockEstimate {
  readonly offsetMs: number;
  readonly epsilonMs: number;
  /** Of the module against the host; 0 until it is beyond what ε can explain. */
  readonly driftPpm: number;
}

/** The module counts whole ms, cut down. */
const RESOLUTION_MS = 1;
/** A crystal is this far off at most: an old measurement grows uncertain. */
const DRIFT_BOUND_PPM = 100;

interface Sample {
  readonly atMs: number;
  readonly offsetMs: number;
  readonly epsilonMs: number;
}

/**
 * The offset between the clocks, from ping-pong: the module read its clock somewhere between asking and answer, so half the round
 * trip bounds the error, and the quickest round trip tells most. An answer to a repeated request is sound, only less certain.
 */
export class ClockSync {
  #first: Sample | undefined;
  #best: Sample | undefined;

  /** The module started again: its clock is another one. */
  restart(): void {
    this.#first = undefined;
    this.#best = undefined;
  }

  /** @param upMs the module's clock, read between `askedMs` and `answeredMs` of the host's */
  add(askedMs: number, answeredMs: number, upMs: number): void {
    const atMs = (askedMs + answeredMs) / 2;
    const sample: Sample = {
      atMs,
      offsetMs: upMs + RESOLUTION_MS / 2 - atMs,
      epsilonMs: (answeredMs - askedMs) / 2 + RESOLUTION_MS / 2,
    };
    const best = this.#best;
    if (best !== undefined && sample.epsilonMs > epsilonAt(best, atMs)) return;
    this.#best = sample;
    this.#first ??= sample;
    // Measurements of one burst: the drift is reckoned from the best of them.
    if (this.#first.epsilonMs > sample.epsilonMs && atMs - this.#first.atMs < 1000) this.#first = sample;
  }

  /** Undefined before the first measurement. */
  estimate(nowMs: number): ClockEstimate | undefined {
    const best = this.#best;
    if (best === undefined) return undefined;
    return { offsetMs: best.offsetMs, epsilonMs: epsilonAt(best, nowMs), driftPpm: this.#drift(best) };
  }

  #drift(best: Sample): number {
    const first = this.#first;
    if (first === undefined || first === best) return 0;
    const moved = best.offsetMs - first.offsetMs;
    if (Math.abs(moved) <= best.epsilonMs + first.epsilonMs) return 0;
    return (moved / (best.atMs - first.atMs)) * 1e6;
  }
}

function epsilonAt(sample: Sample, atMs: number): number {
  return sample.epsilonMs + (Math.max(0, atMs - sample.atMs) * DRIFT_BOUND_PPM) / 1e6;
}
