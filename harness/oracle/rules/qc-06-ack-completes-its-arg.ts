import { findLastAck, lastAckType } from '../last-ack.ts';
import type { CallRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

type Sent = `frame up ${'PUBLISH' | 'SUBSCRIBE' | 'UNSUBSCRIBE'}`;
type Told = `enter ${'request' | 'disconnect' | 'exception'}`;

/** The requests of a slot that are under way, in the order of their packets. */
type UnderWay = readonly CallRecord[];

/** In whatever order the acknowledgements come, each completes the request that it belongs to. [manual 3.3.3.1] */
export const ackCompletesItsArg = rule<UnderWay, Sent | Told | 'ret deinit'>({
  id: 'QC-06',
  clause: 'M-10.result',
  says: 'an acknowledgement completes the request of its packet id, not another one',
  on: [
    'frame up PUBLISH',
    'frame up SUBSCRIBE',
    'frame up UNSUBSCRIBE',
    'enter request',
    'enter disconnect',
    'enter exception',
    'ret deinit',
  ],
  key: ({ slot }) => slot?.slot,
  step(underWay = [], { event, call }) {
    if (event.k === 'ret') return undecided(event.ret === 0 ? undefined : underWay);
    if (event.k === 'frame') {
      const isFirst = call !== undefined && call.wire === event && lastAckType(call) !== undefined;
      return undecided(isFirst ? [...underWay, call] : underWay);
    }
    if (event.cb !== 'request') return undecided();
    if (call === undefined || !underWay.includes(call)) return undecided(underWay);
    const rest = underWay.filter((other) => other !== call);
    if (event.err !== 0) return undecided(rest);
    const acked = rest.find((other) => findLastAck(other) !== undefined);
    if (findLastAck(call) === undefined && acked !== undefined) {
      const events = [acked.wire?.n, call.wire?.n, findLastAck(acked)?.n, event.n];
      return breach(`${call.fn} #${call.token} completed by the acknowledgement of #${acked.token}`, events, rest);
    }
    // Out of order is what puts it to the test.
    return rest.some((other) => isEarlier(other, call)) ? kept(rest) : undecided(rest);
  },
});

function isEarlier(a: CallRecord, b: CallRecord): boolean {
  return (a.wire?.n ?? 0) < (b.wire?.n ?? 0);
}
