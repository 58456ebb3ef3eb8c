import type { EventOf } from '../../timeline/events.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** The incoming callback that is open on a task. */
type Open = EventOf<'enter'>;

/**
 * Topic and payload stay what they are until the callback has returned. [manual 3.3.6.1; D-11]
 *
 * The shim sums them up again when it leaves. That they are right at entry is IN-03's.
 */
export const messageOutlivesCallback = rule<Open, 'enter inpub' | 'leave inpub'>({
  id: 'CB-17',
  clause: 'M-13.lifetime',
  says: 'topic and payload of an incoming callback are the same at its end as at its start',
  on: ['enter inpub', 'leave inpub'],
  key: ({ event }) => event.task,
  step(open, { event }) {
    if (event.k === 'enter') return undecided(event);
    if (open?.seq !== event.enter || event.intact === undefined) return undecided();
    if (event.intact) return kept();
    return breach('topic or payload changed while the callback ran', [open.n, event.n]);
  },
});
