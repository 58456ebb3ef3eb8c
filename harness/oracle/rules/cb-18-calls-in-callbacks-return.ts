import type { EventOf } from '../../timeline/events.ts';
import { rule, type Step } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Begun {
  readonly begin: EventOf<'call'>;
  readonly dueMs: number;
}

/** A function that is called inside a callback returns: there is no lock that only the end of the callback frees. [D-12] */
export const callsInCallbacksReturn = rule<Begun, 'call inside' | 'ret'>({
  id: 'CB-18',
  clause: 'M-4.api-in-callback',
  says: 'a function called inside a callback returns',
  on: ['call inside', 'ret'],
  opens: ['call inside'],
  key: ({ event }) => event.token,
  step(begun, { event }, { deadlines }): Step<Begun> {
    if (event.k === 'ret') return begun === undefined ? undecided() : kept();
    // A connect may block.
    const budgetMs = event.fn === 'connect' ? deadlines.connectMs : deadlines.returnMs;
    return { state: { begin: event, dueMs: event.at + budgetMs } };
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ begin, dueMs }) {
    const message = `${begin.fn} inside a callback had not returned after ${dueMs - begin.at} ms`;
    return breach(message, [begin.n]);
  },
});
