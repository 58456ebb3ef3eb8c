import type { Observation } from '../../run/outcome.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** What becomes of a session later is not the connection callback's to tell. [manual 3.3.2.1; D-13] */
export const connectIsFinal = rule({
  id: 'CB-14',
  clause: 'M-4.connect-is-final',
  also: ['D-13'],
  says: 'the connection callback does not come again when the session ends',
  on: ['enter connect', 'enter exception'],
  key: ({ call }) => (call?.fn === 'connect' ? call.token : undefined),
  step(_, { event, call }) {
    const [first, second] = call?.callbacks ?? [];
    if (first?.cb !== 'connect' || first.status !== 0) return undecided();
    if (event.cb === 'exception') return { ...kept(), observations: [told(second?.cb === 'connect')] };
    const isLate = second?.n === event.n && event.status !== 0;
    if (!isLate) return undecided();
    return breach(`connection callback with status ${event.status} after status 0`, [first.n, event.n]);
  },
});

function told(value: boolean): Observation {
  return { clause: 'D-13', name: 'a loss calls the connection callback too', value };
}
