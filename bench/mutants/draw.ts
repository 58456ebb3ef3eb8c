/** Something to draw, and the heap that it lies on. */
export interface Drawable {
  readonly id: string;
  readonly heap: string;
}

/**
 * Puts candidates in the order in which they are drawn: one of each heap in turn, so that every heap gives alike until it is empty,
 * heaps and what is on them in an order drawn from the seed.
 */
export function drawEvenly<T extends Drawable>(candidates: readonly T[], seed: number): readonly T[] {
  const random = randomFrom(seed);
  const heaps = new Map<string, T[]>();
  for (const candidate of shuffled(candidates, random)) {
    heaps.set(candidate.heap, [...(heaps.get(candidate.heap) ?? []), candidate]);
  }
  const order = shuffled([...heaps.values()], random);
  const longest = Math.max(0, ...order.map((heap) => heap.length));
  return Array.from({ length: longest }, (_, round) => order.flatMap((heap) => heap.slice(round, round + 1))).flat();
}

function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const keyed = items.map((item) => ({ item, key: random() }));
  return keyed.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
}

/** Numbers from 0 to below 1 (mulberry32). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d_2b_79_f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
