/** Does a task for every item, one at a time on each lane; a lane that is free takes the next. Results in the order of the items. */
export async function spread<L, T, R>(
  lanes: readonly L[],
  items: readonly T[],
  task: (lane: L, item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<number, R>();
  const queue = items.entries();
  const work = async (lane: L) => {
    for (const [index, item] of queue) results.set(index, await task(lane, item));
  };
  await Promise.all(lanes.map(work));
  return [...results].toSorted(([a], [b]) => a - b).map(([, result]) => result);
}
