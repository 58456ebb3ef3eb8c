/** One more of what mostly comes once: V8 gives a list that was empty and grows room for seventeen. */
export function appended<T>(list: T[], item: T): T[] {
  if (list.length === 0) return [item];
  list.push(item);
  return list;
}
