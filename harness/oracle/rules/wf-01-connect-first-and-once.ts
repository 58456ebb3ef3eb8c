import { rule } from '../rule.ts';
import { breach, UNCHANGED, undecided } from '../step.ts';

const FIRST = 'MQTT-3.1.0-1';
const ONCE = 'MQTT-3.1.0-2';

/** Number of the event that opened a connection over which nothing has come. */
type Opened = number;

/** The first packet on a connection is CONNECT, and there is no second one. [MQTT-3.1.0-1] [MQTT-3.1.0-2] */
export const connectFirstAndOnce = rule<Opened, 'tcp-open' | 'frame up' | 'tcp-close'>({
  id: 'WF-01',
  clause: FIRST,
  also: [ONCE],
  says: 'the first packet of a connection is CONNECT, and only that one',
  on: ['tcp-open', 'frame up', 'tcp-close'],
  opens: ['tcp-open', 'frame up CONNECT'],
  key: ({ event }) => event.conn,
  step(opened, { event, connection }) {
    if (event.k === 'tcp-open') return { state: event.n };
    if (event.k === 'tcp-close') return undecided();
    const { type } = event.packet;
    if (opened !== undefined) {
      if (type === 'CONNECT') return { exercised: 1, clauses: [FIRST, ONCE] };
      return breach(`${type} is the first packet of a connection`, [event.n]);
    }
    const first = connection?.connect;
    if (type !== 'CONNECT' || first === undefined || first === event) return UNCHANGED;
    const message = 'a second CONNECT on one connection';
    return { exercised: 1, clauses: [ONCE], findings: [{ message, events: [first.n, event.n], clause: ONCE }] };
  },
});
