/**
 * Answers that the module owes, in the order in which they were asked for.
 *
 * An answer is late when one that was owed after it has come already. One that never comes breaks no order.
 */
export class AckOrder {
  #owed: { readonly id: number; readonly turn: number }[] = [];
  #nextTurn = 1;
  #lastSettled = 0;

  owe(id: number): void {
    this.#owed.push({ id, turn: this.#nextTurn });
    this.#nextTurn += 1;
  }

  owes(id: number): boolean {
    return this.#owed.some((entry) => entry.id === id);
  }

  settle(id: number): 'in order' | 'late' | 'none' {
    const index = this.#owed.findIndex((entry) => entry.id === id);
    const [entry] = index < 0 ? [] : this.#owed.splice(index, 1);
    if (entry === undefined) return 'none';
    const isLate = entry.turn < this.#lastSettled;
    this.#lastSettled = Math.max(this.#lastSettled, entry.turn);
    return isLate ? 'late' : 'in order';
  }

  clear(): void {
    this.#owed = [];
  }
}
