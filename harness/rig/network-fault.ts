import type { Direction, FaultActed } from '../../broker/events.ts';
import { HarnessError } from '../errors.ts';
import type { HostHappening } from '../timeline/events.ts';
import { recordedWait } from './recorded-wait.ts';

export interface QueueCounts {
  readonly packets: number;
  readonly dropped: number;
  /** How often a packet had to wait. */
  readonly delayed: number;
}

export interface SlowLink {
  readonly rateKbit: number;
  /** What waits at most: beyond it packets are lost. */
  readonly limitBytes: number;
}

/** What lies between module and broker, as far as a queue can be put into it. */
export interface NetworkPath {
  blackHole(way: Direction): Promise<void>;
  slow(way: Direction, link: SlowLink): Promise<void>;
  count(way: Direction): Promise<QueueCounts>;
  free(way: Direction): Promise<void>;
}

/** Has the timeline tell of it as of the broker's own faults: on all connections that are open. */
export type ReportFault = (fault: Omit<FaultActed, 'at' | 'conn'>) => void;

export type PutFault = (path: NetworkPath, way: Direction) => Promise<void>;

export interface FaultOptions {
  readonly path: NetworkPath;
  /** Puts it into one way of the path. */
  readonly put: PutFault;
  readonly ways: readonly Direction[];
  readonly append: (happening: HostHappening) => void;
  readonly report: ReportFault;
}

const LOOK_MS = 20;

/** A fault of the network. One that never acted on a packet makes the scenario inconclusive, as every fault does. */
export class NetworkFault implements AsyncDisposable {
  readonly name: string;
  readonly #options: FaultOptions;
  /** Ways that it stands in. */
  readonly #taken: Direction[] = [];
  #beginning: Promise<void> = Promise.resolve();
  #watching: Promise<void> = Promise.resolve();
  #lifting: Promise<void> | undefined;
  #hasActed = false;

  constructor(name: string, options: FaultOptions) {
    this.name = name;
    this.#options = options;
  }

  /** @throws HarnessError CHILD_FAILED — the network would not have it */
  async begin(): Promise<void> {
    this.#beginning = this.#takeWays();
    await this.#beginning;
    this.#watching = this.#watch();
  }

  /** Resolves once it has swallowed a packet or had one wait. @throws HarnessError WAIT_EXPIRED — it did not within the budget */
  async acted(budgetMs: number): Promise<void> {
    const reason = `the network's ${this.name} acts`;
    await recordedWait(this.#options.append, reason, budgetMs, async () => {
      const until = performance.now() + budgetMs;
      while (!this.#hasActed && performance.now() < until) await pause();
      if (this.#hasActed) return;
      throw new HarnessError('WAIT_EXPIRED', `${reason}: not within ${budgetMs} ms`, { reason, budgetMs });
    });
  }

  /** From here on the network is as it was. */
  lift(): Promise<void> {
    this.#lifting ??= this.#end();
    return this.#lifting;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lift();
  }

  async #takeWays(): Promise<void> {
    this.#note('armed');
    for (const way of this.#options.ways) {
      await this.#options.put(this.#options.path, way);
      this.#taken.push(way);
    }
  }

  async #end(): Promise<void> {
    await this.#beginning.catch(() => undefined); // whoever began it was told
    await this.#watching;
    const counts = await this.#look();
    for (const way of this.#taken) await this.#options.path.free(way);
    this.#note('disarmed', counts.join('; '));
  }

  /** That it acts must be told when it does: from there on, rules expect less of the wire. */
  async #watch(): Promise<void> {
    try {
      while (this.#lifting === undefined && !this.#hasActed) {
        await this.#look();
        await pause();
      }
    } catch {
      // Then it is not known to have acted, which makes the scenario inconclusive; lifting it says why.
    }
  }

  async #look(): Promise<readonly string[]> {
    const said: string[] = [];
    for (const way of this.#taken) {
      const { packets, dropped, delayed } = await this.#options.path.count(way);
      if (dropped + delayed > 0 && !this.#hasActed) {
        this.#hasActed = true;
        this.#note('fired');
      }
      said.push(`${way}: ${packets} passed, ${dropped} lost, ${delayed} times one waited`);
    }
    return said;
  }

  #note(act: 'armed' | 'fired' | 'disarmed', detail?: string): void {
    this.#options.report({ k: 'fault', fault: this.name, act, ...(detail === undefined ? {} : { detail }) });
  }
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, LOOK_MS);
  });
}
