import type { EventOf } from '../../timeline/events.ts';
import { rule, type Step } from '../rule.ts';
import { breach, STILL_KEPT, UNCHANGED, undecided } from '../step.ts';
import { surelyTaken } from '../surely-taken.ts';
import { ODD_PACKETS, type Topic } from '../topic.ts';

/** Whether anything happened on the connection that may break a session. */
interface Line {
  readonly unansweredPings: number;
  /** Messages that may be larger than a module takes, neither acknowledged nor brought to the application. */
  readonly untaken: readonly EventOf<'frame'>[];
  readonly mayBreak: boolean;
}

const FINE: Line = { unansweredPings: 0, untaken: [], mayBreak: false };
const BROKEN: Line = { ...FINE, mayBreak: true };

/** What may leave something unanswered or untaken, or break the session. */
const CAUSES = [
  'frame up PINGREQ',
  'frame down PUBLISH',
  ...ODD_PACKETS,
  'bytes',
  'fin',
  'tcp-close',
  'gate',
] as const satisfies readonly Topic[];
type Cause = (typeof CAUSES)[number];
/** What says that all is well again. */
const REMEDIES = ['frame up PUBACK', 'frame up PUBREC', 'frame down PINGRESP', 'enter inpub'] as const;
type Remedy = (typeof REMEDIES)[number];

/** A session over a sound connection, every PINGREQ answered, is not broken off. [manual 3.3.2.3] */
export const noExceptionWithoutCause = rule<Line, Cause | Remedy | 'enter exception'>({
  id: 'KA-05',
  clause: 'M-6.exception',
  says: 'no exception callback comes while the connection is sound and every PINGREQ is answered',
  on: [...CAUSES, ...REMEDIES, 'enter exception'],
  opens: [...CAUSES, 'enter exception'],
  key({ event, slot, inbound }) {
    if (event.k !== 'enter') return event.conn;
    return event.cb === 'inpub' ? inbound?.conn : slot?.connect?.connection?.conn;
  },
  step(line = FINE, { event, slot, connection, inbound }) {
    switch (event.k) {
      case 'frame':
        return left(line, afterFrame(line, event));
      // If the module closed it first, what the broker does then is an answer, and no cause.
      case 'fin':
        return left(line, event.dir === 'up' || connection?.fin !== undefined ? line : BROKEN);
      case 'tcp-close': {
        const isCause = connection?.fin === undefined && (event.by === 'broker' || event.how !== 'fin');
        return left(line, isCause ? BROKEN : line);
      }
      case 'enter': {
        if (event.cb === 'inpub') return left(line, without(line, inbound?.frame));
        const known = slot?.connect?.connection ?? connection;
        if (line.mayBreak || line.unansweredPings > 0 || line.untaken.length > 0 || known?.isDisturbed === true)
          return STILL_KEPT;
        if (slot === undefined || slot.state !== 'idle') return UNCHANGED;
        return breach('exception callback over a connection on which nothing had happened', [known?.opened.n, event.n]);
      }
      default:
        // A gate holds something back, or bytes that are no packet went out.
        return left(line, BROKEN);
    }
  },
});

/** What an event leaves a line at: one of which nothing is to be told needs no slice. */
function left(before: Line, after: Line): Step<Line> {
  if (after === before) return UNCHANGED;
  const isFine = !after.mayBreak && after.unansweredPings === 0 && after.untaken.length === 0;
  return isFine ? undecided() : { state: after };
}

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
