import type { ConnectionRecord } from '../narration.ts';
import { rule, type Step } from '../rule.ts';
import { breach, kept, moved, UNCHANGED, undecided } from '../step.ts';
import type { EventOn } from '../topic.ts';

type Up = `frame up ${'CONNECT' | 'PUBLISH' | 'PUBREL'}`;
type Down = `frame down ${'CONNACK' | 'PUBACK' | 'PUBCOMP'}`;

const RESENT = 'MQTT-4.4.0-1';
const IN_ORDER = 'MQTT-4.6.0-1';

/** A delivery that the module began and the broker has not completed. */
interface Delivery {
  readonly id: number;
  readonly n: number;
}

interface Session {
  readonly open: readonly Delivery[];
  /** What is to be sent again on the present connection, in its first order. */
  readonly owed: readonly Delivery[];
  readonly connection: ConnectionRecord | undefined;
  readonly resumed: number;
  readonly dueMs: number | undefined;
}

const NEW: Session = { open: [], owed: [], connection: undefined, resumed: 0, dueMs: undefined };

/** On a session that goes on, what was not acknowledged is sent again, in order. [MQTT-4.4.0-1] [MQTT-4.6.0-1] */
export const sessionIsResumed = rule<Session, Up | Down | 'tcp-close'>({
  id: 'QC-10',
  clause: RESENT,
  also: [IN_ORDER, 'MQTT-3.1.2-4', 'MQTT-4.1.0-1'],
  says: 'after a reconnect with session present, unacknowledged PUBLISH and PUBREL packets are sent again in order',
  on: [
    'frame up CONNECT',
    'frame up PUBLISH',
    'frame up PUBREL',
    'frame down CONNACK',
    'frame down PUBACK',
    'frame down PUBCOMP',
    'tcp-close',
  ],
  key: ({ connection }) => connection?.slot,
  step(session = NEW, { event, connection }, { deadlines }) {
    if (event.k === 'tcp-close') return undecided({ ...session, owed: [], dueMs: undefined });
    if (event.held === true) return UNCHANGED;
    if (event.dir === 'up') return sent(session, event);
    const { packet } = event;
    if (packet.type !== 'CONNACK') return moved(session, acknowledged(session, packet.packetId));
    if (!packet.sessionPresent || packet.returnCode !== 0)
      return moved(session, packet.returnCode === 0 ? NEW : session);
    if (session.open.length === 0) return UNCHANGED;
    return {
      state: { ...session, owed: session.open, connection, resumed: event.n, dueMs: event.at + deadlines.ackMs },
    };
  },
  deadline: ({ dueMs }) => dueMs,
  expire(session, { deadlines }) {
    const { owed, connection, resumed } = session;
    const state = { ...session, owed: [], dueMs: undefined };
    const isOver = connection === undefined || connection.closed !== undefined || connection.isDisturbed;
    if (isOver || owed.length === 0) return undecided(state);
    const ids = owed.map(({ id }) => id).join(', ');
    const message = `packet ids ${ids} were not sent again in ${deadlines.ackMs} ms`;
    return breach(message, [...owed.map(({ n }) => n), resumed], state);
  },
});

function sent(session: Session, { packet, n }: EventOn<Up>): Step<Session> {
  if (packet.type === 'CONNECT') return moved(session, packet.cleanSession ? NEW : session);
  const { packetId: id } = packet;
  if (id === null) return UNCHANGED;
  const index = session.owed.findIndex((one) => one.id === id);
  const isKnown = session.open.some((one) => one.id === id);
  if (index === -1 && isKnown) return UNCHANGED;
  const open = isKnown ? session.open : [...session.open, { id, n }];
  if (index === -1) return undecided({ ...session, open });
  const state = { ...session, open, owed: session.owed.filter((one) => one.id !== id) };
  const clauses = [RESENT, IN_ORDER, 'MQTT-3.1.2-4', 'MQTT-4.1.0-1'];
  // PUBLISHes among themselves keep their order; a PUBREL answers to the order of the PUBRECs.
  if (index === 0 || packet.type === 'PUBREL') return { ...kept(state), clauses };
  const findings = [
    {
      message: `packet id ${id} was sent again before an older one`,
      events: [session.owed[0]?.n ?? n, n],
      clause: IN_ORDER,
    },
  ];
  return { state, exercised: 1, clauses, findings };
}

function acknowledged(session: Session, packetId: number): Session {
  if (!session.open.some(({ id }) => id === packetId)) return session;
  const others = (list: readonly Delivery[]) => list.filter(({ id }) => id !== packetId);
  return { ...session, open: others(session.open), owed: others(session.owed) };
}
