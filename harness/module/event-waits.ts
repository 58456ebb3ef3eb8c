import type { ModuleEvent } from '../protocol/module-event.ts';
import type { Wait, WaitOptions, Waits } from './waits.ts';

/** Who waits for an event that no call's token leads to. */
export class EventWaits {
  readonly #waits: Waits;
  readonly #takers = new Set<(event: ModuleEvent) => boolean>();
  #reached: { readonly seq: number; readonly wait: Wait<void> }[] = [];

  constructor(waits: Waits) {
    this.#waits = waits;
  }

  /** The next event that matches. @throws HarnessError WAIT_EXPIRED */
  next<E extends ModuleEvent>(matches: (event: ModuleEvent) => event is E, options: WaitOptions): Promise<E> {
    const take = (event: ModuleEvent): boolean => {
      if (!matches(event)) return false;
      wait.settle(event);
      return true;
    };
    const wait = this.#waits.begin<E>(options, () => this.#takers.delete(take));
    this.#takers.add(take);
    return wait.promise;
  }

  /** Resolves when the event of this number has been delivered. @throws HarnessError WAIT_EXPIRED */
  reach(seq: number, budgetMs: number): Promise<void> {
    const wait = this.#waits.begin<void>({ reason: `the module's events up to ${seq}`, budgetMs });
    this.#reached.push({ seq, wait });
    return wait.promise;
  }

  hear(event: ModuleEvent): void {
    for (const take of this.#takers) if (take(event)) this.#takers.delete(take);
    if (this.#reached.length === 0) return;
    for (const { seq, wait } of this.#reached) if (event.seq >= seq) wait.settle();
    this.#reached = this.#reached.filter(({ seq }) => event.seq < seq);
  }

  /** Sequence numbers start anew. */
  restart(): void {
    this.#reached = [];
  }
}
