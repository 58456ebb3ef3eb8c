import * as v from 'valibot';
import { type ModuleEvent, moduleEvent } from '../protocol/module-event.ts';

/** Events that came after a gap, until what is missing has come too. */
const HELD_LIMIT = 4096;

export interface EventStreamSink {
  deliver(event: ModuleEvent): void;
  /** The event has a number and a checksum, and can't be read all the same. */
  unreadable(why: string): void;
}

/**
 * Puts a session's events in order: each is delivered once, none before those that the module numbered lower
 * (docs/protocol.md §4).
 */
export class EventStream {
  readonly #sink: EventStreamSink;
  readonly #held = new Map<number, unknown>();
  #last = 0;
  #known = 0;

  constructor(sink: EventStreamSink) {
    this.#sink = sink;
  }

  /** Sequence number of the newest event delivered. */
  get last(): number {
    return this.#last;
  }

  /** Whether the module has numbered events that have not arrived. */
  get hasGap(): boolean {
    return this.#known > this.#last;
  }

  /** Whether later events have arrived before earlier ones. */
  get hasHole(): boolean {
    return this.#held.size > 0;
  }

  /** The module says that this is its newest. */
  know(last: number): void {
    if (last > this.#known) this.#known = last;
  }

  /** A fresh session: numbers start at 1. */
  restart(): void {
    this.#held.clear();
    this.#last = 0;
    this.#known = 0;
  }

  /** The module no longer has what is missing below `from`. */
  skipTo(from: number): void {
    if (from <= this.#last + 1) return;
    this.#last = from - 1;
    for (const seq of this.#held.keys()) if (seq < from) this.#held.delete(seq);
    this.#deliverHeld();
  }

  accept(events: readonly unknown[]): void {
    for (const event of events) this.#accept(event);
  }

  #accept(event: unknown): void {
    const seq = seqOf(event);
    if (seq === undefined) return this.#sink.unreadable('an event without a sequence number');
    this.know(seq);
    if (seq <= this.#last) return;
    if (seq > this.#last + 1) {
      if (this.#held.size < HELD_LIMIT) this.#held.set(seq, event);
      return;
    }
    this.#deliver(event);
    if (this.#held.size > 0) this.#deliverHeld();
  }

  #deliverHeld(): void {
    for (let next = this.#held.get(this.#last + 1); next !== undefined; next = this.#held.get(this.#last + 1)) {
      this.#held.delete(this.#last + 1);
      this.#deliver(next);
    }
  }

  #deliver(event: unknown): void {
    this.#last += 1;
    const parsed = v.safeParse(moduleEvent, event);
    if (parsed.success) this.#sink.deliver(parsed.output);
    else this.#sink.unreadable(`event ${this.#last} is malformed: ${v.summarize(parsed.issues)}`);
  }
}

function seqOf(event: unknown): number | undefined {
  if (typeof event !== 'object' || event === null || !('seq' in event)) return undefined;
  const { seq } = event;
  return typeof seq === 'number' && Number.isSafeInteger(seq) && seq > 0 ? seq : undefined;
}
