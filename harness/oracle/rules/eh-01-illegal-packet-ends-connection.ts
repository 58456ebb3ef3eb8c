import type { EventOf } from '../../timeline/events.ts';
import { CLAUSE_FOR, CLOSES } from '../ends-connection.ts';
import type { ConnectionRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ODD_PACKETS, type OddPacket } from '../topic.ts';

interface Provoked {
  readonly n: number;
  readonly clause: string;
  readonly connection: ConnectionRecord;
  readonly dueMs: number;
}

/** A packet that breaks the protocol makes the module close the connection. [MQTT-4.8.0-1] */
export const illegalPacketEndsConnection = rule<Provoked, OddPacket | 'fin' | 'tcp-close'>({
  id: 'EH-01',
  clause: CLOSES,
  also: [...new Set(Object.values(CLAUSE_FOR))].filter((clause) => clause !== CLOSES),
  says: 'after a packet that a server must not send the module closes the connection in time',
  on: [...ODD_PACKETS, 'fin', 'tcp-close'],
  opens: ODD_PACKETS,
  key: ({ event }) => (event.k === 'frame' && event.defects === undefined ? undefined : event.conn),
  step(provoked, { event, connection }, { deadlines }) {
    if (event.k !== 'frame') {
      const isOwn = event.k === 'fin' ? event.dir === 'up' : event.by === 'module';
      if (provoked === undefined) return undecided();
      return isOwn ? { exercised: 1, clauses: [...new Set([CLOSES, provoked.clause])] } : undecided();
    }
    const clause = findClause(event);
    if (provoked !== undefined || clause === undefined || connection === undefined) return undecided(provoked);
    return { state: { n: event.n, clause, connection, dueMs: event.at + deadlines.closeMs } };
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ n, clause, connection }, { deadlines }) {
    if (connection.fin !== undefined || connection.closed !== undefined) return kept();
    const message = `the connection was still open ${deadlines.closeMs} ms after a packet that breaks the protocol`;
    return { ...breach(message, []), clauses: [clause], findings: [{ message, events: [n], clause }] };
  },
});

function findClause({ held, defects, packet }: EventOf<'frame'>): string | undefined {
  if (held === true || defects === undefined) return undefined;
  // A packet type for clients only may be passed over, one that is reserved may not.
  const isReserved = packet.type === 'malformed' && defects.some(({ clause }) => clause === 'MQTT-2.2.1');
  return isReserved ? CLOSES : defects.map(({ clause }) => CLAUSE_FOR[clause]).find((clause) => clause !== undefined);
}
