import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Ended {
  readonly session: number;
  readonly by: 'disconnect' | 'exception';
  readonly n: number;
}

/** A session has one ending. [manual 3.3.2.3, 3.3.5] */
export const oneEnding = rule<Ended, 'enter disconnect' | 'enter exception'>({
  id: 'CB-13',
  clause: 'M-6.one-ending',
  says: 'a session ends by a disconnect callback or by an exception, not by both',
  on: ['enter disconnect', 'enter exception'],
  key: ({ event, slot }) => {
    const isEnding = event.cb === 'exception' || event.err === 0;
    return isEnding && slot !== undefined && slot.sessions > 0 ? slot.slot : undefined;
  },
  step(ended, { event, slot }) {
    const session = slot?.sessions ?? 0;
    if (ended?.session !== session) return kept({ session, by: event.cb, n: event.n });
    // Twice the same is CB-10's and CB-01's.
    if (ended.by === event.cb) return undecided(ended);
    return breach(`${event.cb} callback after the session ended by ${ended.by}`, [ended.n, event.n], ended);
  },
});
