import type { Clock } from '../clock.ts';

const WINDOW_MS = 3000;

/** Bytes per second over the last seconds: acknowledgements come in bursts, since the device holds them back to erase. */
export class RateMeter {
  readonly #clock: Clock;
  #samples: { readonly atMs: number; readonly totalBytes: number }[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @param totalBytes everything up to here, not only what is new */
  add(totalBytes: number): void {
    const atMs = this.#clock.nowMs();
    this.#samples.push({ atMs, totalBytes });
    const oldest = this.#samples.findIndex((sample) => sample.atMs >= atMs - WINDOW_MS);
    if (oldest > 1) this.#samples = this.#samples.slice(oldest - 1);
  }

  bytesPerS(): number | undefined {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.atMs <= first.atMs) return undefined;
    return ((last.totalBytes - first.totalBytes) * 1000) / (last.atMs - first.atMs);
  }
}
