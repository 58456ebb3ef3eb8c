import { rule } from '../rule.ts';
import { breach, kept } from '../step.ts';

interface Told {
  readonly session: number;
  readonly n: number;
}

/** The end of a session is told once. [manual 3.3.2.3] */
export const exceptionOnce = rule<Told, 'enter exception'>({
  id: 'CB-10',
  clause: 'M-6.once',
  says: 'the exception callback comes at most once for each session',
  on: ['enter exception'],
  key: ({ slot }) => slot?.slot,
  step(told, { event, slot }) {
    const session = slot?.sessions ?? 0;
    if (told?.session === session && session > 0) {
      return breach('a second exception callback for one session', [told.n, event.n], told);
    }
    return kept({ session, n: event.n });
  },
});
