import { rule } from '../rule.ts';
import { kept, UNCHANGED } from '../step.ts';

const FIRST = 'MQTT-3.1.0-1';
const ONCE = 'MQTT-3.1.0-2';

/** The first packet on a connection is CONNECT, and there is no second one. [MQTT-3.1.0-1] [MQTT-3.1.0-2] */
export const connectFirstAndOnce = rule<number, 'frame up' | 'tcp-close'>({
  id: 'WF-01',
  clause: FIRST,
  also: [ONCE],
  says: 'the first packet of a connection is CONNECT, and only that one',
  on: ['frame up', 'tcp-close'],
  key: ({ event }) => event.conn,
  step(first, { event }) {
    if (event.k === 'tcp-close') return {};
    const isConnect = event.packet.type === 'CONNECT';
    if (first !== undefined) {
      if (!isConnect) return UNCHANGED;
      const message = 'a second CONNECT on one connection';
      return {
        state: first,
        exercised: 1,
        clauses: [ONCE],
        findings: [{ message, events: [first, event.n], clause: ONCE }],
      };
    }
    if (isConnect) return { ...kept(event.n), clauses: [FIRST, ONCE] };
    const message = `${event.packet.type} is the first packet of a connection`;
    return { state: event.n, exercised: 1, findings: [{ message, events: [event.n] }] };
  },
});
