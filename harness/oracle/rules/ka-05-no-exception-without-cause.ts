import type { EventOf } from '../../timeline/events.ts';
import { rule } from '../rule.ts';
import { breach, kept, moved, undecided } from '../step.ts';
import { surelyTaken } from '../surely-taken.ts';
import { ODD_PACKETS, type OddPacket, type Topic } from '../topic.ts';

/** Whether anything happened on the connection that may break a session. */
interface Line {
  readonly unansweredPings: number;
  /** Messages that may be larger than a module takes, neither acknowledged nor brought to the application. */
  readonly untaken: readonly EventOf<'frame'>[];
  readonly mayBreak: boolean;
  /** The module closed it first: what the broker does then is an answer, and no cause. */
  readonly isLeft: boolean;
}

const FINE: Line = { unansweredPings: 0, untaken: [], mayBreak: false, isLeft: false };
const BROKEN: Line = { ...FINE, mayBreak: true };

const TELLING = [
  'frame up PINGREQ',
  'frame up PUBACK',
  'frame up PUBREC',
  'frame down PINGRESP',
  'frame down PUBLISH',
] as const satisfies readonly Topic[];
type Telling = (typeof TELLING)[number];

/** A session over a sound connection, every PINGREQ answered, is not broken off. [manual 3.3.2.3] */
export const noExceptionWithoutCause = rule<
  Line,
  Telling | OddPacket | 'bytes' | 'fin' | 'tcp-close' | 'gate' | 'enter inpub' | 'enter exception'
>({
  id: 'KA-05',
  clause: 'M-6.exception',
  says: 'no exception callback comes while the connection is sound and every PINGREQ is answered',
  on: [...TELLING, ...ODD_PACKETS, 'bytes', 'fin', 'tcp-close', 'gate', 'enter inpub', 'enter exception'],
  key({ event, slot, inbound }) {
    if (event.k !== 'enter') return event.conn;
    return event.cb === 'inpub' ? inbound?.conn : slot?.connect?.connection?.conn;
  },
  step(line = FINE, { event, slot, connection, inbound }) {
    switch (event.k) {
      case 'frame':
        return moved(line, afterFrame(line, event));
      case 'fin':
        if (event.dir === 'up') return { state: { ...line, isLeft: true } };
        return moved(line, line.isLeft ? line : BROKEN);
      case 'tcp-close':
        return moved(line, !line.isLeft && (event.by === 'broker' || event.how !== 'fin') ? BROKEN : line);
      case 'enter': {
        if (event.cb === 'inpub') return moved(line, without(line, inbound?.frame));
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
        return moved(line, BROKEN);
    }
  },
});

function afterFrame(line: Line, event: EventOf<'frame'>): Line {
  const { packet } = event;
  const { type } = packet;
  if (event.held === true || event.defects !== undefined || event.injected === true) return BROKEN;
  if (type === 'PINGREQ') return { ...line, unansweredPings: line.unansweredPings + 1 };
  if (type === 'PUBLISH' && event.dir === 'down' && !surelyTaken(event))
    return { ...line, untaken: [...line.untaken, event] };
  if (type === 'PUBACK' || type === 'PUBREC') return withoutId(line, packet.packetId);
  return type === 'PINGRESP' ? { ...line, unansweredPings: 0 } : line;
}

function without(line: Line, taken: EventOf<'frame'> | undefined): Line {
  return line.untaken.length === 0 ? line : { ...line, untaken: line.untaken.filter((frame) => frame !== taken) };
}

function withoutId(line: Line, packetId: number): Line {
  if (line.untaken.length === 0) return line;
  return { ...line, untaken: line.untaken.filter((frame) => idOf(frame) !== packetId) };
}

function idOf({ packet }: EventOf<'frame'>): number | null | undefined {
  return packet.type === 'PUBLISH' ? packet.packetId : undefined;
}
