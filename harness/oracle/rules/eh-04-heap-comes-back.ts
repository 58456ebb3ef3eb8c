import type { EventOf } from '../../timeline/events.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** Free heap when the module had been warmed up, and after what it has done since. Both are measured with no client up. */
export const HEAP_WARM = 'heap free, warm';
export const HEAP_AFTER = 'heap free, after';

/** What is taken once, the first time that something is used, is no leak; what each connection loses soon is more. */
const ALLOWANCE_BYTES = 8192;

/** After a scenario, or a part of it that is done again and again, the heap is back where it was when the module had been warmed up. [manual 3.3.8] */
export const heapComesBack = rule<EventOf<'measure'>, 'measure'>({
  id: 'EH-04',
  clause: 'M-17.heap',
  says: `with no client up the free heap is at most ${ALLOWANCE_BYTES} bytes less than it was after warm-up`,
  on: ['measure'],
  key: ({ event: { name } }) => (name === HEAP_WARM || name === HEAP_AFTER ? '' : undefined),
  step(warm, { event }) {
    if (event.name === HEAP_WARM) return undecided(event);
    if (warm === undefined) return undecided();
    const lost = warm.value - event.value;
    if (lost <= ALLOWANCE_BYTES) return kept();
    return breach(`${lost} bytes of heap did not come back`, [warm.n, event.n]);
  },
});
