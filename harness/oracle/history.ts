import type { EventKind } from '../timeline/events.ts';
import type { Seen } from './rule.ts';

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

/** So many of them an expectation can look back over: what came before is gone. Here none looks back over more than some 500. */
export const REACH = 1000;

/** So many that are beyond reach are let go of at once. */
const SPARE = 250;

/** The newest events that an expectation may be about: what it speaks of may have happened before the scenario said so. */
export class History {
  #kept: Seen[] = [];
  #isCut = false;

  /** Whether anything that an expectation may be about is gone. */
  get isCut(): boolean {
    return this.#isCut;
  }

  add(seen: Seen): void {
    if (!KINDS.has(seen.event.k)) return;
    this.#kept.push(seen);
    if (this.#kept.length < REACH + SPARE) return;
    this.#kept = this.#kept.slice(SPARE);
    this.#isCut = true;
  }

  /** Oldest first, those of these kinds. */
  of(kinds: readonly EventKind[]): readonly Seen[] {
    return this.#kept.filter(({ event }) => kinds.includes(event.k));
  }
}
