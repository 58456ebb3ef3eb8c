/** What is due when, soonest first: a binary heap. Entries are never taken out early; who pops one asks whether it still holds. */
export class DeadlineQueue<T extends { readonly dueMs: number }> {
  readonly #heap: T[] = [];

  add(entry: T): void {
    const heap = this.#heap;
    const { dueMs } = entry;
    let child = heap.push(entry) - 1;
    while (child > 0) {
      const parent = (child - 1) >> 1;
      if (this.#dueAt(parent) <= dueMs) break;
      this.#swap(parent, child);
      child = parent;
    }
  }

  /** Takes out the soonest entry that was due before `untilMs`. */
  popBefore(untilMs: number): T | undefined {
    const [first] = this.#heap;
    if (first === undefined || first.dueMs >= untilMs) return undefined;
    const last = this.#heap.pop();
    if (last !== undefined && this.#heap.length > 0) {
      this.#heap[0] = last;
      this.#sink();
    }
    return first;
  }

  #sink(): void {
    let parent = 0;
    for (;;) {
      const left = 2 * parent + 1;
      const child = this.#dueAt(left + 1) < this.#dueAt(left) ? left + 1 : left;
      if (this.#dueAt(child) >= this.#dueAt(parent)) return;
      this.#swap(parent, child);
      parent = child;
    }
  }

  #dueAt(index: number): number {
    return this.#heap[index]?.dueMs ?? Number.POSITIVE_INFINITY;
  }

  #swap(a: number, b: number): void {
    const [first, second] = [this.#heap[a], this.#heap[b]];
    if (first === undefined || second === undefined) return;
    this.#heap[a] = second;
    this.#heap[b] = first;
  }
}
