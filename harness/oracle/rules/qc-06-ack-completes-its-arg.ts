import { findLastAck, lastAckType } from '../last-ack.ts';
import type { CallRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** In whatever order the acknowledgements come, each completes the request that it belongs to. [manual 3.3.3.1] */
export const ackCompletesItsArg = rule({
  id: 'QC-06',
  clause: 'M-10.result',
  says: 'an acknowledgement completes the request of its packet id, not another one',
  on: ['enter request'],
  step(_, { event, call, slot }) {
    if (event.err !== 0 || slot === undefined || slot.underWay.length === 0) return undecided();
    if (call?.wire === undefined || call.callbacks.length > 1 || lastAckType(call) === undefined) return undecided();
    const others = slot.underWay.filter((other) => other.wire !== undefined && lastAckType(other) !== undefined);
    const acked = others.find((other) => findLastAck(other) !== undefined);
    if (findLastAck(call) === undefined && acked !== undefined) {
      const events = [acked.wire?.n, call.wire.n, findLastAck(acked)?.n, event.n];
      return breach(`${call.fn} #${call.token} completed by the acknowledgement of #${acked.token}`, events);
    }
    // Out of order is what puts it to the test.
    return others.some((other) => isEarlier(other, call)) ? kept() : undecided();
  },
});

function isEarlier(a: CallRecord, b: CallRecord): boolean {
  return (a.wire?.n ?? 0) < (b.wire?.n ?? 0);
}
