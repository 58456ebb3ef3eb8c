import type { EventOf } from '../../timeline/events.ts';
import { rule, type Step } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Begun {
  readonly begin: EventOf<'call'>;
  readonly dueMs: number;
}

/** A function that is called inside a callback returns: there is no lock that only the end of the callback frees. [D-12] */
export const callsInCallbacksReturn = rule<Begun, 'call' | 'ret' | 'reset'>({
  id: 'CB-18',
  clause: 'M-4.api-in-callback',
  says: 'a function called inside a callback returns',
  on: ['call', 'ret', 'reset'],
  key: ({ event, call }) => {
    if (event.k === 'call') return event.in === undefined ? undefined : event.token;
    return event.k === 'ret' && call?.begin?.in !== undefined ? event.token : undefined;
  },
  step(_, { event }, { deadlines }): Step<Begun> {
    if (event.k === 'ret') return kept();
    if (event.k === 'reset') return undecided();
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
