import type { EventOf } from '../../timeline/events.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { surelyTaken } from '../surely-taken.ts';

interface Large {
  readonly frame: EventOf<'frame'>;
  readonly dueMs: number;
}

/**
 * A message that may be too large is brought whole or not at all. [manual 3.3.6.1; D-7]
 *
 * `payload_len` has 16 bits: a longer payload that was brought with a length of its own would have lost the rest.
 */
export const largeIsWholeOrNot = rule<Large, 'frame down PUBLISH' | 'enter inpub'>({
  id: 'IN-08',
  clause: 'M-13.whole',
  says: 'a message beyond the module’s buffer is brought whole or not at all',
  on: ['frame down PUBLISH', 'enter inpub'],
  opens: ['frame down PUBLISH'],
  key: ({ inbound }) => (inbound === undefined || surelyTaken(inbound.frame) ? undefined : inbound.frame.n),
  step(large, { event, inbound }, { deadlines }) {
    if (event.k === 'frame') return { state: { frame: event, dueMs: event.at + deadlines.requestMs } };
    const sent = inbound?.frame;
    if (large === undefined || sent?.packet.type !== 'PUBLISH') return undecided(large);
    const brought = event.payload?.length ?? 0;
    const { length } = sent.packet.payload;
    if (brought === length) return kept();
    return breach(`${brought} bytes were brought of a message of ${length}`, [sent.n, event.n]);
  },
  deadline: ({ dueMs }) => dueMs,
  expire: () => kept(),
  end: () => kept(),
});
