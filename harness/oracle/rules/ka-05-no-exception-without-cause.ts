import type { EventOf } from '../../timeline/events.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** Whether anything happened on the connection that may break a session. */
interface Line {
  readonly unansweredPings: number;
  /** Packet ids of large messages that the module has not acknowledged; null stands for those of QoS 0. */
  readonly untaken: readonly (number | null)[];
  readonly mayBreak: boolean;
  /** The module closed it first: what the broker does then is an answer, and no cause. */
  readonly isLeft: boolean;
}

const FINE: Line = { unansweredPings: 0, untaken: [], mayBreak: false, isLeft: false };
const BROKEN: Line = { ...FINE, mayBreak: true };

/** Nobody says how large a message may be (D-7): a module may leave over one that does not fit into a segment. */
const SMALL_BYTES = 1500;

/** A session over a sound connection, every PINGREQ answered, is not broken off. [manual 3.3.2.3] */
export const noExceptionWithoutCause = rule<Line, 'frame' | 'bytes' | 'fin' | 'tcp-close' | 'gate' | 'enter'>({
  id: 'KA-05',
  clause: 'M-6.exception',
  says: 'no exception callback comes while the connection is sound and every PINGREQ is answered',
  on: ['frame', 'bytes', 'fin', 'tcp-close', 'gate', 'enter'],
  key({ event, slot }) {
    if (event.k === 'enter') return event.cb === 'exception' ? slot?.connect?.connection?.conn.toString() : undefined;
    return event.conn?.toString();
  },
  step(line = FINE, { event, slot, connection }) {
    switch (event.k) {
      case 'frame':
        return { state: afterFrame(line, event) };
      case 'fin':
        if (event.dir === 'up') return { state: { ...line, isLeft: true } };
        return { state: line.isLeft ? line : BROKEN };
      case 'tcp-close':
        return { state: !line.isLeft && (event.by === 'broker' || event.how !== 'fin') ? BROKEN : line };
      case 'enter': {
        const known = slot?.connect?.connection ?? connection;
        if (line.mayBreak || line.unansweredPings > 0 || line.untaken.length > 0 || known?.isDisturbed === true)
          return kept(line);
        if (slot === undefined || slot.state !== 'idle') return undecided(line);
        return breach(
          'exception callback over a connection on which nothing had happened',
          [known?.opened.n, event.n],
          line,
        );
      }
      default:
        // A gate holds something back, or bytes that are no packet went out.
        return { state: BROKEN };
    }
  },
});

function afterFrame(line: Line, event: EventOf<'frame'>): Line {
  const { packet } = event;
  const { type } = packet;
  if (event.held === true || event.defects !== undefined || event.injected === true) return BROKEN;
  if (type === 'PINGREQ') return { ...line, unansweredPings: line.unansweredPings + 1 };
  if (type === 'PUBLISH' && event.dir === 'down' && event.length > SMALL_BYTES)
    return { ...line, untaken: [...line.untaken, packet.packetId] };
  if (type === 'PUBACK' || type === 'PUBREC')
    return { ...line, untaken: line.untaken.filter((id) => id !== packet.packetId) };
  return type === 'PINGRESP' ? { ...line, unansweredPings: 0 } : line;
}
