/** With more entries than this a Map finds one faster than a look at all. */
const FEW = 8;
/** More often than after so many new entries they don't move. */
const ADDED = 32;

/**
 * A Map for what comes and goes all the time. In the order of insertion, as a Map.
 *
 * V8 makes a new table each time that a Map becomes empty, which lists don't need while there are few entries. And it leaves each
 * table that a Map has outgrown pointing to the next: once one of them is old, all that stood in any later one stays in memory
 * until everything is collected. Hence many entries move to a new Map now and then.
 */
export class SmallMap<K extends string | number, V> {
  readonly #keys: K[] = [];
  readonly #values: V[] = [];
  /** Instead of the lists, once there were many, until it is empty. */
  #many: Map<K, V> | undefined;
  /** To the many, since they moved. */
  #added = 0;
  /** Of the many. Goes on where it stopped: a Map that is asked anew for its first key looks through all that were deleted before it. */
  #oldestFirst: Iterator<K> | undefined;

  get size(): number {
    return this.#many?.size ?? this.#keys.length;
  }

  get(key: K): V | undefined {
    if (this.#many !== undefined) return this.#many.get(key);
    if (this.#keys.length === 0) return undefined;
    const index = this.#keys.indexOf(key);
    return index === -1 ? undefined : this.#values[index];
  }

  set(key: K, value: V): void {
    if (this.#many !== undefined) {
      this.#many.set(key, value);
      this.#added += 1;
      if (this.#added > Math.max(this.#many.size, ADDED)) this.#toMany();
      return;
    }
    const index = this.#keys.indexOf(key);
    if (index !== -1) this.#values[index] = value;
    else if (this.#keys.length < FEW) this.#append(key, value);
    else {
      this.#append(key, value);
      this.#toMany();
    }
  }

  delete(key: K): void {
    if (this.#many !== undefined) {
      this.#many.delete(key);
      if (this.#many.size === 0) this.clear();
      return;
    }
    const index = this.#keys.indexOf(key);
    if (index === -1) return;
    this.#keys.copyWithin(index, index + 1);
    this.#values.copyWithin(index, index + 1);
    this.#keys.pop();
    this.#values.pop();
  }

  clear(): void {
    this.#many = undefined;
    this.#oldestFirst = undefined;
    this.#keys.length = 0;
    this.#values.length = 0;
  }

  /** Takes out the oldest entry. @returns its value */
  takeOldest(): V | undefined {
    const key: K | undefined = this.#oldestFirst === undefined ? this.#keys[0] : this.#oldestFirst.next().value;
    if (key === undefined) return undefined;
    const value = this.get(key);
    this.delete(key);
    return value;
  }

  values(): IterableIterator<V> {
    return this.#many?.values() ?? this.#values.values();
  }

  /** What is there now: entries may come and go while they are looked at. */
  entries(): readonly (readonly [K, V])[] {
    if (this.#many !== undefined) return [...this.#many];
    return [...this.#values.entries()].flatMap(([index, value]) => {
      const key = this.#keys[index];
      return key === undefined ? [] : [[key, value] as const];
    });
  }

  #append(key: K, value: V): void {
    this.#keys.push(key);
    this.#values.push(value);
  }

  #toMany(): void {
    const many = new Map(this.#many ?? this.entries());
    this.clear();
    this.#many = many;
    this.#oldestFirst = many.keys();
    this.#added = 0;
  }
}
