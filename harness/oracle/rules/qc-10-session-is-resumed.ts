import type { CallRecord, ConnectionRecord } from '../narration.ts';
import { rule, type Step } from '../rule.ts';
import { breach, UNCHANGED, undecided } from '../step.ts';
import type { EventOn } from '../topic.ts';

const RESENT = 'MQTT-4.4.0-1';
const IN_ORDER = 'MQTT-4.6.0-1';

/** A delivery that the module began and the broker has not completed. */
interface Delivery {
  readonly id: number;
  readonly n: number;
}

/** What is to be sent again on a connection, in its first order. */
interface Resumption {
  readonly connection: ConnectionRecord;
  readonly owed: readonly Delivery[];
  /** Number of the CONNACK that resumes the session. */
  readonly resumed: number;
  readonly dueMs: number;
}

type Sent = `frame up ${'PUBLISH' | 'PUBREL'}`;
type Acknowledged = `frame down ${'PUBACK' | 'PUBCOMP'}`;

/** On a session that goes on, what was not acknowledged is sent again, in order. [MQTT-4.4.0-1] [MQTT-4.6.0-1] */
export const sessionIsResumed = rule<Resumption, 'frame down CONNACK' | Sent | Acknowledged | 'tcp-close'>({
  id: 'QC-10',
  clause: RESENT,
  also: [IN_ORDER, 'MQTT-3.1.2-4', 'MQTT-4.1.0-1'],
  says: 'after a reconnect with session present, unacknowledged PUBLISH and PUBREL packets are sent again in order',
  on: [
    'frame down CONNACK',
    'frame up PUBLISH',
    'frame up PUBREL',
    'frame down PUBACK',
    'frame down PUBCOMP',
    'tcp-close',
  ],
  opens: ['frame down CONNACK'],
  key: ({ event }) => event.conn,
  step(resumption, seen, { deadlines }) {
    const { event, connection } = seen;
    if (event.k === 'tcp-close') return undecided();
    if (event.packet.type === 'CONNACK') {
      const isResumed = event.packet.sessionPresent && event.packet.returnCode === 0 && event.held !== true;
      const owed = isResumed ? seen.unfinished?.flatMap(deliveryOf) : undefined;
      if (connection === undefined || owed === undefined || owed.length === 0) return undecided(resumption);
      return { state: { connection, owed, resumed: event.n, dueMs: event.at + deadlines.ackMs } };
    }
    if (resumption === undefined || event.held === true) return undecided(resumption);
    return event.dir === 'up' ? sent(resumption, event) : acknowledged(resumption, event.packet.packetId);
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ owed, connection, resumed }, { deadlines }) {
    if (connection.closed !== undefined || connection.isDisturbed) return undecided();
    const ids = owed.map(({ id }) => id).join(', ');
    const message = `packet ids ${ids} were not sent again in ${deadlines.ackMs} ms`;
    return breach(message, [...owed.map(({ n }) => n), resumed]);
  },
});

function deliveryOf({ wire }: CallRecord): readonly Delivery[] {
  const id = wire?.packet.type === 'PUBLISH' ? wire.packet.packetId : null;
  return wire === undefined || id === null ? [] : [{ id, n: wire.n }];
}

function sent(resumption: Resumption, { packet, n }: EventOn<Sent>): Step<Resumption> {
  const { owed } = resumption;
  const index = owed.findIndex(({ id }) => id === packet.packetId);
  if (index === -1) return UNCHANGED;
  const state = without(resumption, owed[index]?.id);
  const clauses = [RESENT, IN_ORDER, 'MQTT-3.1.2-4', 'MQTT-4.1.0-1'];
  // PUBLISHes among themselves keep their order; a PUBREL answers to the order of the PUBRECs.
  if (index === 0 || packet.type === 'PUBREL') return { state, exercised: 1, clauses };
  const message = `packet id ${packet.packetId ?? 0} was sent again before an older one`;
  const findings = [{ message, events: [owed[0]?.n ?? n, n], clause: IN_ORDER }];
  return { state, exercised: 1, clauses, findings };
}

function acknowledged(resumption: Resumption, packetId: number): Step<Resumption> {
  return { state: without(resumption, packetId) };
}

/** What is owed still; undefined once all has been sent. */
function without(resumption: Resumption, packetId: number | undefined): Resumption | undefined {
  const owed = resumption.owed.filter(({ id }) => id !== packetId);
  return owed.length === 0 ? undefined : { ...resumption, owed };
}
