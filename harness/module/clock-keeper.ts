import type { Clock } from '../clock.ts';
import { HarnessError } from '../errors.ts';
import { type ClockEstimate, ClockSync } from './clock-sync.ts';
import type { Established } from './link.ts';

/** Pings in the first measurement of a boot, and in each later one. */
const FIRST_PINGS = 8;
const PINGS = 4;

export interface ClockKeeperOptions {
  readonly clock: Clock;
  /** Between two measurements. */
  readonly everyMs: number;
  /** The module's time since boot, ms. */
  readonly ask: () => Promise<number>;
  readonly onEstimate: (estimate: ClockEstimate) => void;
}

/** Measures the offset between the module's clock and the host's: at each boot, and again while nothing else is going on. */
export class ClockKeeper {
  readonly #options: ClockKeeperOptions;
  readonly #sync = new ClockSync();
  #boot = 0;
  #isMeasuring = false;
  #measuredMs = 0;

  constructor(options: ClockKeeperOptions) {
    this.#options = options;
  }

  get estimate(): ClockEstimate | undefined {
    return this.#sync.estimate(this.#options.clock.nowMs());
  }

  /** A boot that is new to the host: its hello is the first measurement, so that no event of it is placed by the clock of another. */
  restart({ hello, askedMs, answeredMs }: Established): void {
    this.#boot += 1;
    this.#sync.restart();
    this.#sync.add(askedMs, answeredMs, hello.boot.upMs);
    this.#tell();
  }

  async measureBoot(): Promise<void> {
    await this.#measure(FIRST_PINGS);
  }

  /** To be called while the link is up and idle. */
  tick(): void {
    if (this.#options.clock.nowMs() - this.#measuredMs >= this.#options.everyMs) void this.#measure(PINGS);
  }

  async #measure(pings: number): Promise<void> {
    if (this.#isMeasuring) return;
    this.#isMeasuring = true;
    this.#measuredMs = this.#options.clock.nowMs();
    try {
      for (let ping = 0; ping < pings; ping++) await this.#ping();
      this.#tell();
    } catch (error) {
      // The link went down; the next measurement is soon.
      if (!(error instanceof HarnessError)) throw error;
    } finally {
      this.#isMeasuring = false;
    }
  }

  async #ping(): Promise<void> {
    const { clock, ask } = this.#options;
    const boot = this.#boot;
    const askedMs = clock.nowMs();
    const upMs = await ask();
    if (this.#boot === boot) this.#sync.add(askedMs, clock.nowMs(), upMs);
  }

  #tell(): void {
    const { estimate } = this;
    if (estimate !== undefined) this.#options.onEstimate(estimate);
  }
}
