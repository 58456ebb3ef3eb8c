import type { EventOf } from '../../timeline/events.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** A connection that no connect call can have opened; it may still turn out to be a stranger's. */
type Unasked = EventOf<'tcp-open'>;

/** The module opens no connection by itself. [manual 2; D-14] */
export const noConnectionUnasked = rule<Unasked, 'tcp-open' | 'claimed' | 'stranger' | 'frame' | 'tcp-close'>({
  id: 'ST-05',
  clause: 'M-3.no-reconnect',
  says: 'no TCP connection is opened without a connect call',
  on: ['tcp-open', 'claimed', 'stranger', 'frame', 'tcp-close'],
  opens: ['tcp-open'],
  key: ({ event }) => event.conn,
  step(unasked, { event, connection }) {
    if (event.k === 'tcp-open') return connection?.candidates === 0 ? { state: event } : kept();
    if (unasked === undefined || event.k === 'stranger' || event.k === 'tcp-close') return undecided();
    return breach('a connection was opened although no connect call was under way', [unasked.n, event.n]);
  },
});
