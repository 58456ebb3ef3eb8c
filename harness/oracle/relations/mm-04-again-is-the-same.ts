import { compareAllClients } from './compare-lines.ts';
import type { Difference, Relation } from './relation.ts';
import type { Telling } from './telling.ts';

/** The free heap at the end of a situation, measured with no client up. */
export const HEAP_AT_END = 'heap free, end of situation';

/** Allocators round; a buffer or a socket that is lost is more. */
const ALLOWANCE_BYTES = 2048;

/** What was done once can be done again, and costs nothing. [manual 3.3.8] */
export const againIsTheSame: Relation = {
  id: 'MM-04',
  clause: 'M-15.repeatable',
  says: 'the same calls again have the same returns, callbacks and packets, on the same tasks, and take no heap',
  differs: 'it is done again',
  compare: (first, second) => [
    ...compareAllClients(first.clients, second.clients),
    ...compareHeap(first, second),
    ...compareTasks(first, second),
  ],
};

function compareHeap(first: Telling, second: Telling): readonly Difference[] {
  const [before, after] = [first.measures.get(HEAP_AT_END), second.measures.get(HEAP_AT_END)];
  if (before === undefined || after === undefined) return [];
  const lost = before.value - after.value;
  return lost <= ALLOWANCE_BYTES ? [] : [{ message: `it took ${lost} bytes of heap`, events: [before.n, after.n] }];
}

function compareTasks(first: Telling, second: Telling): readonly Difference[] {
  const added = [...second.tasks].filter((task) => !first.tasks.has(task));
  return added.length === 0
    ? []
    : [{ message: `callbacks came on task ${added.join(', ')}, a further one`, events: [] }];
}
