import type { EventOf } from '../../timeline/events.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Begun {
  readonly begin: EventOf<'call'>;
  readonly dueMs: number | undefined;
}

/**
 * A function returns within its budget. [manual 3.3.1.1: what takes longer is what WOUNDBLOCK is for]
 *
 * A connect may take its time, unless it then returns WOUNDBLOCK all the same. Both times are the module's own.
 */
export const returnsInTime = rule<Begun, 'call' | 'ret'>({
  id: 'RC-10',
  clause: 'M-2.returns-promptly',
  says: 'a call returns within the budget for returns',
  on: ['call', 'ret'],
  key: ({ event }) => event.token,
  step(begun, { event }, { deadlines }) {
    if (event.k === 'call') {
      return { state: { begin: event, dueMs: event.fn === 'connect' ? undefined : event.at + deadlines.returnMs } };
    }
    if (begun === undefined) return undecided();
    const takenMs = event.t - begun.begin.t;
    const mayBlock = event.fn === 'connect' && event.ret !== -2;
    if (mayBlock || takenMs <= deadlines.returnMs) return kept();
    return breach(`${event.fn} took ${takenMs} ms to return, ${deadlines.returnMs} ms allowed`, [
      begun.begin.n,
      event.n,
    ]);
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ begin }, { deadlines }) {
    return breach(`${begin.fn} had not returned after ${deadlines.returnMs} ms`, [begin.n]);
  },
});
