import type { EventKind, TimelineEvent } from '../timeline/events.ts';
import type { ExpectationRunner } from './expectation-runner.ts';
import type { RuleContext, Seen } from './rule.ts';
import { SmallMap } from './small-map.ts';

/** Of expectations about a call this many are kept open, and more about calls that are known still; the oldest is decided as it stands. */
const OF_CALLS_KEPT = 256;
const OF_CALLS_MOST = 4096;
/** Of the oldest so many are looked at for each new one. */
const LOOKED_AT = 4;

/** A scenario that states more about no call in particular has gone wrong. */
const OTHERS_KEPT = 10_000;

/**
 * The expectations that are not decided yet. Those about one call are asked about its events only, the others about every event of
 * their kinds.
 */
export class OpenExpectations {
  readonly #ofCalls = new SmallMap<number, ExpectationRunner[]>();
  readonly #others = new Set<ExpectationRunner>();
  readonly #byKind = new Map<EventKind, Set<ExpectationRunner>>();
  #ofCallsOpen = 0;
  readonly #isKnown: (token: number) => boolean;

  /** `isKnown` tells whether anything may still be heard of the call of a token. */
  constructor(isKnown: (token: number) => boolean) {
    this.#isKnown = isKnown;
  }

  /** @returns whether there was room */
  add(runner: ExpectationRunner, context: RuleContext): boolean {
    const { token } = runner;
    if (token !== undefined) {
      this.#addOfCall(runner, token, context);
      return true;
    }
    if (this.#others.size === OTHERS_KEPT) return false;
    this.#others.add(runner);
    for (const kind of runner.on) {
      const known = this.#byKind.get(kind);
      if (known === undefined) this.#byKind.set(kind, new Set([runner]));
      else known.add(runner);
    }
    return true;
  }

  see(seen: Seen, context: RuleContext): void {
    const token = this.#ofCallsOpen === 0 ? undefined : tokenOf(seen.event);
    if (token !== undefined) this.#showToCall(token, seen, context);
    const others = this.#others.size === 0 ? undefined : this.#byKind.get(seen.event.k);
    if (others === undefined) return;
    for (const runner of others) {
      runner.see(seen, context);
      if (!runner.isOpen) this.#drop(runner);
    }
  }

  /** The module has started again: what was expected of it before says nothing any more. */
  forget(): void {
    this.#ofCalls.clear();
    this.#ofCallsOpen = 0;
    for (const runner of this.#others) {
      runner.forget();
      if (!runner.isOpen) this.#drop(runner);
    }
  }

  end(context: RuleContext): void {
    for (const runners of this.#ofCalls.values()) for (const runner of runners) runner.end(context);
    for (const runner of this.#others) runner.end(context);
    this.#ofCalls.clear();
    this.#others.clear();
    this.#byKind.clear();
  }

  #addOfCall(runner: ExpectationRunner, token: number, context: RuleContext): void {
    const known = this.#ofCalls.get(token);
    if (known === undefined) this.#ofCalls.set(token, [runner]);
    else known.push(runner);
    this.#ofCallsOpen += 1;
    for (let looked = 0; looked < LOOKED_AT && this.#ofCallsOpen > OF_CALLS_KEPT; looked += 1)
      this.#decideOldest(context);
  }

  #decideOldest(context: RuleContext): void {
    const oldest = this.#ofCalls.takeOldest() ?? [];
    const token = oldest[0]?.token;
    if (token !== undefined && this.#isKnown(token) && this.#ofCallsOpen < OF_CALLS_MOST) {
      this.#ofCalls.set(token, oldest);
      return;
    }
    this.#ofCallsOpen -= oldest.length;
    for (const undecided of oldest) undecided.end(context);
  }

  #showToCall(token: number, seen: Seen, context: RuleContext): void {
    const runners = this.#ofCalls.get(token);
    if (runners === undefined) return;
    for (const runner of runners) runner.see(seen, context);
    const open = runners.filter(({ isOpen }) => isOpen);
    this.#ofCallsOpen -= runners.length - open.length;
    if (open.length === 0) this.#ofCalls.delete(token);
    else if (open.length < runners.length) this.#ofCalls.set(token, open);
  }

  #drop(runner: ExpectationRunner): void {
    this.#others.delete(runner);
    for (const runners of this.#byKind.values()) runners.delete(runner);
  }
}

/** The call that a module event speaks of. */
function tokenOf(event: TimelineEvent): number | undefined {
  if (event.k === 'ret' || event.k === 'call') return event.token;
  return event.k === 'enter' && event.cb !== 'exception' ? event.arg : undefined;
}
