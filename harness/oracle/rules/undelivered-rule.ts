import type { EventOf } from '../../timeline/events.ts';
import type { ConnectionRecord } from '../narration.ts';
import { type AnyRule, rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ODD_PACKETS, type OddPacket } from '../topic.ts';

type Watched = EventOf<'frame' | 'bytes'>;

/** What went down a connection and must not be brought to the application. */
interface Unfit {
  readonly event: Watched;
  readonly dueMs: number;
}

export interface UndeliveredRule {
  readonly id: string;
  readonly clause: string;
  readonly says: string;
  /** Whether what goes down is no message for the application. */
  readonly isUnfit: (event: Watched, connection: ConnectionRecord | undefined) => boolean;
}

/**
 * A rule that no incoming callback comes of something that is no whole, legal message.
 *
 * A callback that no message on the wire explains is that one's: what was sent whole has its own.
 */
export function undeliveredRule({ id, clause, says, isUnfit }: UndeliveredRule): AnyRule {
  return rule<Unfit, OddPacket | 'frame down malformed' | 'bytes' | 'enter inpub'>({
    id,
    clause,
    says,
    on: [...ODD_PACKETS, 'frame down malformed', 'bytes', 'enter inpub'],
    opens: [...ODD_PACKETS, 'frame down malformed', 'bytes'],
    key: ({ event, slot, connection }) => {
      if (event.k === 'enter') return slot?.connect?.connection?.conn;
      return goesDown(event) && isUnfit(event, connection) ? event.conn : undefined;
    },
    step(unfit, { event, inbound }, { deadlines }) {
      if (event.k === 'enter') {
        const isOfUnfit = inbound === undefined || inbound.frame === unfit?.event;
        if (unfit === undefined || !isOfUnfit) return undecided(unfit);
        return breach('incoming callback for what was no whole, legal message', [unfit.event.n, event.n]);
      }
      return unfit === undefined ? { state: { event, dueMs: event.at + deadlines.closeMs } } : undecided(unfit);
    },
    deadline: ({ dueMs }) => dueMs,
    expire: () => kept(),
    end: () => kept(),
  });
}

function goesDown(event: Watched): boolean {
  return event.dir === 'down' && (event.k === 'bytes' || event.held !== true);
}
