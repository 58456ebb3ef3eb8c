import { lastAckType } from '../last-ack.ts';
import type { CallRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Late {
  readonly call: CallRecord;
  readonly n: number;
  readonly dueMs: number;
}

/** A request that was called back is over, whatever the broker says then. [manual 3.3.3.1] */
export const lateAckChangesNothing = rule<Late, 'frame' | 'enter'>({
  id: 'QC-08',
  clause: 'M-10.late-ack',
  says: 'an acknowledgement after the callback causes no second one',
  on: ['frame', 'enter'],
  key: ({ call }) => (call !== undefined && lastAckType(call) !== undefined ? String(call.token) : undefined),
  step(late, { event, call }, { deadlines }) {
    if (call === undefined) return undecided(late);
    if (event.k === 'enter') {
      return late === undefined
        ? undecided()
        : breach('a second callback after a late acknowledgement', [late.n, event.n]);
    }
    const isLate = event.dir === 'down' && call.callbacks.length > 0;
    return isLate ? { state: { call, n: event.n, dueMs: event.at + deadlines.quietMs } } : undecided(late);
  },
  deadline: ({ dueMs }) => dueMs,
  expire: () => kept(),
});
