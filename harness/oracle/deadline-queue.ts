/**
 * What is due when, soonest first: a binary heap. Entries are never taken out early; who pops one asks whether it still holds.
 *
 * The times stand in an array of their own: V8 keeps numbers there as they are, and would make an object of each one elsewhere.
 */
export class DeadlineQueue<T extends { readonly dueMs: number }> {
  readonly #dueMs: number[] = [];
  readonly #entries: T[] = [];

  add(entry: T): void {
    const { dueMs } = entry;
    let hole = this.#entries.length;
    while (hole > 0) {
      const parent = (hole - 1) >> 1;
      if ((this.#dueMs[parent] ?? 0) <= dueMs) break;
      this.#move(parent, hole);
      hole = parent;
    }
    this.#dueMs[hole] = dueMs;
    this.#entries[hole] = entry;
  }

  /** Whether any entry was due before `untilMs`. */
  hasBefore(untilMs: number): boolean {
    const soonestMs = this.#dueMs[0];
    return soonestMs !== undefined && soonestMs < untilMs;
  }

  /** Takes out the soonest entry that was due before `untilMs`. */
  popBefore(untilMs: number): T | undefined {
    return this.hasBefore(untilMs) ? this.#pop() : undefined;
  }

  #pop(): T | undefined {
    const soonest = this.#entries[0];
    const dueMs = this.#dueMs.pop();
    const last = this.#entries.pop();
    if (dueMs !== undefined && last !== undefined && this.#entries.length > 0) {
      const hole = this.#sinkHole(dueMs);
      this.#dueMs[hole] = dueMs;
      this.#entries[hole] = last;
    }
    return soonest;
  }

  /** Moves entries up into the hole at the top, until what is due at `dueMs` belongs into it. */
  #sinkHole(dueMs: number): number {
    const due = this.#dueMs;
    const { length } = due;
    let hole = 0;
    for (;;) {
      let child = 2 * hole + 1;
      if (child >= length) return hole;
      if (child + 1 < length && (due[child + 1] ?? 0) < (due[child] ?? 0)) child += 1;
      if ((due[child] ?? 0) >= dueMs) return hole;
      this.#move(child, hole);
      hole = child;
    }
  }

  #move(from: number, to: number): void {
    const dueMs = this.#dueMs[from];
    const entry = this.#entries[from];
    if (dueMs === undefined || entry === undefined) return;
    this.#dueMs[to] = dueMs;
    this.#entries[to] = entry;
  }
}
