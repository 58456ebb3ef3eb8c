import { rule, spare } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { PACKET_TYPES } from '../topic.ts';

const CLAUSE = 'MQTT-2.2.3';

/** What the module sends is a sequence of whole packets: a remaining length of at most four bytes that fits the fields. [MQTT 2.2.3] */
export const wholePackets = rule({
  id: 'WF-03',
  clause: CLAUSE,
  says: 'the remaining length takes at most four bytes and equals the fields, with nothing behind them',
  on: ['frame up', 'bytes'],
  spared: spare(
    PACKET_TYPES.map((type) => `frame up ${type} sound` as const),
    CLAUSE,
  ),
  step(_, { event, connection }) {
    if (event.k === 'bytes') {
      // Half a packet at the end of a connection that was cut is nobody's fault.
      const isNobodys = event.dir === 'down' || connection?.closed !== undefined || connection?.isDisturbed === true;
      return isNobodys ? undecided() : breach(`${event.length} bytes that are no packet: ${event.why}`, [event.n]);
    }
    const found = event.lint.filter(({ clause }) => clause === CLAUSE);
    const findings = found.map(({ says }) => ({ message: says, events: [event.n] }));
    return findings.length === 0 ? kept() : { exercised: 1, findings };
  },
});
