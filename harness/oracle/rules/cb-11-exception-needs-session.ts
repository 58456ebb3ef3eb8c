import type { EventOf } from '../../timeline/events.ts';
import { rule, type Step } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { TURNS, type Turn } from '../topic.ts';

/** What was last told about the slot's session. */
interface Last {
  readonly what: 'accepted' | 'refused' | 'disconnected' | 'broken';
  readonly n: number;
}

/** An exception is about a session that was reported as accepted, and that was not ended since. [manual 3.3.2.1, 3.3.2.3] */
export const exceptionNeedsSession = rule<Last, Turn | 'ret init' | 'ret deinit'>({
  id: 'CB-11',
  clause: 'M-6.session-before',
  says: 'the exception callback comes only after a connection callback of status 0 of the same session',
  on: [...TURNS, 'ret init', 'ret deinit'],
  key: ({ slot }) => (slot === undefined || slot.generation === 0 ? undefined : slot.slot),
  step(last, { event }) {
    if (event.k === 'ret') return undecided(event.ret === 0 ? undefined : last);
    switch (event.cb) {
      case 'connect':
        return { state: { what: event.status === 0 ? 'accepted' : 'refused', n: event.n } };
      case 'disconnect':
        return { state: { what: 'disconnected', n: event.n } };
      default:
        return broken(last, event);
    }
  },
});

function broken(last: Last | undefined, event: EventOf<'enter'>): Step<Last> {
  const state: Last = { what: 'broken', n: event.n };
  // CB-10 speaks of a second exception.
  if (last?.what === 'broken') return undecided(last);
  if (last?.what === 'accepted') return kept(state);
  const why = last === undefined ? 'no session was ever reported' : `the session was ${last.what}`;
  return breach(`exception callback although ${why}`, [last?.n, event.n], state);
}
