import { rule, spare } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ORDINARY_MESSAGES } from '../topic.ts';

/** Messages are brought while a session is up: after its connection callback and before the callback that ends it. */
export const messagesWithinSession = rule({
  id: 'IN-09',
  clause: 'M-13.within-session',
  says: 'no incoming callback comes before the connection callback or after the end of the session',
  on: ['enter inpub'],
  spared: spare(ORDINARY_MESSAGES, 'M-13.within-session'),
  step(_, { event, before, slot }) {
    // CB-05 speaks of a client that is gone.
    if (before === undefined || before === 'no-handle') return undecided();
    if (before === 'connected' || before === 'disconnecting') return kept();
    return breach(`incoming callback on a client that is ${before}`, [slot?.connect?.returned?.n, event.n]);
  },
});
