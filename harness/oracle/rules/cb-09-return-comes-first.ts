import { rule, spare } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ANSWERS, ORDINARY_ANSWERS } from '../topic.ts';

/**
 * A callback is not made from inside the function that asks for it. [manual 3.3.1.1, 3.3.2.1]
 *
 * The vendor's task may preempt the caller, so that a callback may be stamped before the return of its own call: on a task of its
 * own that proves nothing. On the caller's, the function calls back before it returns, and a caller that holds a lock hangs.
 */
export const returnComesFirst = rule({
  id: 'CB-09',
  clause: 'M-2.return-before-callback',
  says: 'a callback comes after the return of its call, or preempts it from another task',
  on: ANSWERS,
  spared: spare(ORDINARY_ANSWERS, 'M-2.return-before-callback'),
  step(_, { event, call }) {
    if (call?.begin === undefined) return undecided();
    const isInside = call.returned === undefined && call.begin.task === event.task && call.begin.in === undefined;
    if (!isInside) return kept();
    return breach(`${event.cb} callback from inside ${call.fn}`, [call.begin.n, event.n]);
  },
});
