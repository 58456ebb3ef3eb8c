import type { EventOf } from '../../timeline/events.ts';
import type { ConnectionRecord } from '../narration.ts';
import { rule, type Seen, type Step } from '../rule.ts';
import { UNCHANGED, undecided } from '../step.ts';

const BY_QOS = 'MQTT-3.3.4-1';
const WHATEVER = 'MQTT-4.5.0-2';
const QOS2 = 'MQTT-4.3.3-2';
const RELEASE = 'MQTT-4.3.3-1';

type Answer = 'PUBACK' | 'PUBREC' | 'PUBCOMP' | 'PUBREL';
type FromModule = `frame up ${Answer | 'DISCONNECT'}`;
type FromServer = `frame down ${'PUBLISH' | 'PUBREC' | 'PUBREL'}`;

/** A packet to the module that asks for an answer. */
interface Owed {
  readonly answer: Answer;
  readonly clause: string;
  readonly id: number;
  readonly n: number;
  readonly dueMs: number;
}

interface Line {
  readonly connection: ConnectionRecord;
  readonly owed: readonly Owed[];
}

/** PUBLISH at QoS 1 and 2, PUBREC and PUBREL are answered in time, whatever the application does. [MQTT-3.3.4-1] [MQTT-4.5.0-2] */
export const inboundIsAcknowledged = rule<Line, FromModule | FromServer | 'fin' | 'tcp-close'>({
  id: 'IN-06',
  clause: BY_QOS,
  also: [WHATEVER, QOS2, RELEASE],
  says: 'QoS 1 is answered by PUBACK, QoS 2 by PUBREC, PUBREC by PUBREL, PUBREL by PUBCOMP, each in time',
  on: [
    'frame down PUBLISH',
    'frame down PUBREC',
    'frame down PUBREL',
    'frame up PUBACK',
    'frame up PUBREC',
    'frame up PUBREL',
    'frame up PUBCOMP',
    'frame up DISCONNECT',
    'fin',
    'tcp-close',
  ],
  opens: ['frame down PUBLISH', 'frame down PUBREC', 'frame down PUBREL'],
  key: ({ event }) => event.conn,
  step(line, seen, { deadlines }) {
    const { event, connection } = seen;
    if (event.k !== 'frame' || event.packet.type === 'DISCONNECT' || connection === undefined) return undecided();
    // What a server must not send is no request for an answer.
    if (event.defects !== undefined) return undecided();
    const owed = line?.owed ?? [];
    if (event.dir === 'up') return answered({ connection, owed }, event);
    const more = event.held === true ? undefined : owedFor(seen, event, event.at + deadlines.ackMs);
    const isAccepted = connection.connack !== undefined && connection.disconnect === undefined;
    return more === undefined || !isAccepted ? UNCHANGED : { state: { connection, owed: [...owed, more] } };
  },
  deadline: ({ owed }) => (owed.length === 0 ? undefined : Math.min(...owed.map(({ dueMs }) => dueMs))),
  expire({ connection, owed }, { deadlines }) {
    const dueMs = Math.min(...owed.map((one) => one.dueMs));
    const state = { connection, owed: owed.filter((one) => one.dueMs !== dueMs) };
    if (connection.isDisturbed || connection.closed !== undefined || connection.disconnect !== undefined)
      return undecided();
    const late = owed.filter((one) => one.dueMs === dueMs);
    const findings = late.map(({ answer, id, n, clause }) => {
      return { message: `no ${answer} ${id} came in ${deadlines.ackMs} ms`, events: [n], clause };
    });
    return { state, exercised: late.length, clauses: late.map(({ clause }) => clause), findings };
  },
});

function answered({ connection, owed }: Line, { packet }: EventOf<'frame'>): Step<Line> {
  const index = owed.findIndex(({ answer, id }) => packet.type === answer && packet.packetId === id);
  const one = owed[index];
  if (one === undefined) return UNCHANGED;
  const rest = owed.filter((other) => other !== one);
  return {
    state: rest.length === 0 ? undefined : { connection, owed: rest },
    exercised: 1,
    clauses: one.answer === 'PUBREL' ? [RELEASE] : one.answer === 'PUBCOMP' ? [QOS2] : [BY_QOS, WHATEVER],
  };
}

function owedFor({ slot, call }: Seen, { packet, n }: EventOf<'frame'>, dueMs: number): Owed | undefined {
  if (packet.type === 'PUBREL') return { answer: 'PUBCOMP', clause: QOS2, id: packet.packetId, n, dueMs };
  // A PUBREC for an id that nothing was sent with may be left alone.
  if (packet.type === 'PUBREC' && call?.fn === 'publish' && call.params['qos'] === 2)
    return { answer: 'PUBREL', clause: RELEASE, id: packet.packetId, n, dueMs };
  if (packet.type !== 'PUBLISH' || packet.packetId === null) return undefined;
  const isHeard = slot?.inpub !== undefined && slot.inpub.params['cb'] !== false;
  const answer = packet.qos === 1 ? 'PUBACK' : 'PUBREC';
  return { answer, clause: isHeard ? BY_QOS : WHATEVER, id: packet.packetId, n, dueMs };
}
