import { lastAckType } from '../last-ack.ts';
import type { CallRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import type { Topic } from '../topic.ts';

interface Late {
  readonly call: CallRecord;
  readonly n: number;
  readonly dueMs: number;
}

const ACKS = [
  'frame down PUBACK',
  'frame down PUBREC',
  'frame down PUBCOMP',
  'frame down SUBACK',
  'frame down UNSUBACK',
] as const satisfies readonly Topic[];
type Ack = (typeof ACKS)[number];

/** A request that was called back is over, whatever the broker says then. [manual 3.3.3.1] */
export const lateAckChangesNothing = rule<Late, Ack | 'enter'>({
  id: 'QC-08',
  clause: 'M-10.late-ack',
  says: 'an acknowledgement after the callback causes no second one',
  on: [...ACKS, 'enter'],
  opens: ACKS,
  key: ({ event, call }) => {
    if (call === undefined || (event.k === 'frame' && call.callbacks.length === 0)) return undefined;
    return lastAckType(call) === undefined ? undefined : call.token;
  },
  step(late, { event, call }, { deadlines }) {
    if (call === undefined) return undecided(late);
    if (event.k === 'enter') {
      return late === undefined
        ? undecided()
        : breach('a second callback after a late acknowledgement', [late.n, event.n]);
    }
    return { state: { call, n: event.n, dueMs: event.at + deadlines.quietMs } };
  },
  deadline: ({ dueMs }) => dueMs,
  expire: () => kept(),
});
