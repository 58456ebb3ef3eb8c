import type { EventOf } from '../../timeline/events.ts';
import type { ConnectionRecord } from '../narration.ts';
import { rule, type Step } from '../rule.ts';
import { undecided } from '../step.ts';

const BY_QOS = 'MQTT-3.3.4-1';
const WHATEVER = 'MQTT-4.5.0-2';
const QOS2 = 'MQTT-4.3.3-2';

/** A packet to the module that asks for an answer. */
interface Owed {
  readonly answer: 'PUBACK' | 'PUBREC' | 'PUBCOMP';
  readonly id: number;
  readonly n: number;
  readonly dueMs: number;
}

interface Line {
  readonly connection: ConnectionRecord;
  readonly owed: readonly Owed[];
}

/** PUBLISH at QoS 1 and 2 and PUBREL are answered in time, whatever the application does. [MQTT-3.3.4-1] [MQTT-4.5.0-2] */
export const inboundIsAcknowledged = rule<Line, 'frame' | 'fin' | 'tcp-close'>({
  id: 'IN-06',
  clause: BY_QOS,
  also: [WHATEVER, QOS2],
  says: 'QoS 1 is answered by PUBACK, QoS 2 by PUBREC, PUBREL by PUBCOMP, each in time',
  on: ['frame', 'fin', 'tcp-close'],
  key: ({ event }) => String(event.conn),
  step(line, { event, connection }, { deadlines }) {
    if (event.k !== 'frame' || event.packet.type === 'DISCONNECT' || connection === undefined) return undecided();
    // What a server must not send is no request for an answer.
    if (event.defects !== undefined) return undecided();
    const owed = line?.owed ?? [];
    if (event.dir === 'up') return answered({ connection, owed }, event);
    const more = event.held === true ? undefined : owedFor(event, event.at + deadlines.ackMs);
    const isAccepted = connection.connack !== undefined && connection.disconnect === undefined;
    return more === undefined || !isAccepted ? undecided(line) : { state: { connection, owed: [...owed, more] } };
  },
  deadline: ({ owed }) => (owed.length === 0 ? undefined : Math.min(...owed.map(({ dueMs }) => dueMs))),
  expire({ connection, owed }, { deadlines }) {
    const dueMs = Math.min(...owed.map((one) => one.dueMs));
    const state = { connection, owed: owed.filter((one) => one.dueMs !== dueMs) };
    if (connection.isDisturbed || connection.closed !== undefined || connection.disconnect !== undefined)
      return undecided();
    const late = owed.filter((one) => one.dueMs === dueMs);
    const findings = late.map(({ answer, id, n }) => {
      return { message: `no ${answer} ${id} came in ${deadlines.ackMs} ms`, events: [n], clause: clauseOf(answer) };
    });
    return { state, exercised: late.length, clauses: late.map(({ answer }) => clauseOf(answer)), findings };
  },
});

function answered({ connection, owed }: Line, { packet }: EventOf<'frame'>): Step<Line> {
  const index = owed.findIndex(({ answer, id }) => packet.type === answer && packet.packetId === id);
  const one = owed[index];
  if (one === undefined) return undecided(owed.length === 0 ? undefined : { connection, owed });
  const rest = owed.filter((other) => other !== one);
  return {
    state: rest.length === 0 ? undefined : { connection, owed: rest },
    exercised: 1,
    clauses: [clauseOf(one.answer), WHATEVER],
  };
}

function owedFor({ packet, n }: EventOf<'frame'>, dueMs: number): Owed | undefined {
  if (packet.type === 'PUBREL') return { answer: 'PUBCOMP', id: packet.packetId, n, dueMs };
  if (packet.type !== 'PUBLISH' || packet.packetId === null) return undefined;
  return { answer: packet.qos === 1 ? 'PUBACK' : 'PUBREC', id: packet.packetId, n, dueMs };
}

function clauseOf(answer: Owed['answer']): string {
  return answer === 'PUBCOMP' ? QOS2 : BY_QOS;
}
