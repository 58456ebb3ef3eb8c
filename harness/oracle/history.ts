import type { EventKind } from '../timeline/events.ts';
import type { Seen } from './rule.ts';

/** How far back an expectation can look, in events: what came before is gone. The longest scenario here has some 1,600. */
export const REACH = 2000;

/** So many that are beyond reach are let go of at once. */
const SPARE = 1000;

/** What an expectation may be about that is not about one call; calls are remembered by the narrator. */
const KINDS: ReadonlySet<EventKind> = new Set<EventKind>([
  'enter',
  'frame',
  'tcp-open',
  'tcp-close',
  'tls-failed',
  'fault',
  'gate',
  'phase',
]);

/** The newest events that an expectation may be about: what it speaks of may have happened before the scenario said so. */
export class History {
  #kept: Seen[] = [];
  /** Those before it are beyond reach. */
  #first = 0;
  #isCut = false;

  /** Whether anything that an expectation may be about is gone. */
  get isCut(): boolean {
    return this.#isCut;
  }

  add(seen: Seen): void {
    if (!KINDS.has(seen.event.k)) return;
    const kept = this.#kept;
    kept.push(seen);
    const reach = seen.event.n - REACH;
    while ((kept[this.#first]?.event.n ?? reach) < reach) this.#first += 1;
    if (this.#first > 0) this.#isCut = true;
    if (this.#first < SPARE) return;
    this.#kept = kept.slice(this.#first);
    this.#first = 0;
  }

  /** Oldest first, those of these kinds. */
  of(kinds: readonly EventKind[]): readonly Seen[] {
    return this.#kept.slice(this.#first).filter(({ event }) => kinds.includes(event.k));
  }
}
