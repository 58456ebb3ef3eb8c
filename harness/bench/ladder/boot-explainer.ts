import type { Wear, WearLog } from './wear-log.ts';

/** What a start is called after each. None of them can make one that is called a panic, or a bite of the watchdog. */
const CAUSES: Readonly<Record<Exclude<Wear['by'], 'data-call'>, readonly string[]>> = {
  rpc: ['software-reset', 'unknown'],
  at: ['software-reset', 'unknown'],
  pin: ['pin-reset'],
  power: ['power-key', 'charge', 'pin-reset'],
};

/** Between the word of whoever resets a module from outside and the start that it explains. */
const LONGEST_MS = 120_000;

/** Tells starts that the rig brought about from those that the module did: each thing done explains one start, and only one of its kind. */
export class BootExplainer {
  readonly #log: WearLog;
  readonly #expected: Wear[] = [];
  readonly #consumed = new Set<string>();

  constructor(log: WearLog) {
    this.#log = log;
  }

  /** Writes down what this process is about to do to the module. */
  expect(by: Exclude<Wear['by'], 'data-call'>, why: string): void {
    this.#log.note(by, why);
    this.#expected.push({ atMs: Date.now(), pid: process.pid, by, why });
  }

  /** Who started the module, and why; undefined if nobody did who could have made a start of this cause. */
  explain(cause: string): string | undefined {
    const own = this.#expected.splice(0).findLast((wear) => fits(wear, cause));
    if (own !== undefined) return describe(own);
    const outside = this.#outside().find((wear) => fits(wear, cause));
    if (outside === undefined) return undefined;
    this.#consumed.add(keyOf(outside));
    return describe(outside);
  }

  #outside(): readonly Wear[] {
    const oldestMs = Date.now() - LONGEST_MS;
    return this.#log
      .read()
      .filter((wear) => wear.pid !== process.pid && (wear.by === 'pin' || wear.by === 'power') && wear.atMs >= oldestMs)
      .filter((wear) => !this.#consumed.has(keyOf(wear)));
  }
}

function fits({ by }: Wear, cause: string): boolean {
  return by !== 'data-call' && CAUSES[by].includes(cause);
}

function describe({ by, why }: Wear): string {
  return `by ${by}: ${why}`;
}

function keyOf({ atMs, pid, by }: Wear): string {
  return `${pid} ${atMs} ${by}`;
}
