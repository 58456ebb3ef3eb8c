import { findLastAck, lastAckType } from '../last-ack.ts';
import type { CallRecord } from '../narration.ts';
import { rule, spare } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ORDINARY_REQUESTS } from '../topic.ts';

/** An acknowledgement of another type completes nothing. [MQTT 3.1.1, 4.3] */
export const ackOfItsKind = rule({
  id: 'QC-05',
  clause: 'M-10.ack-of-its-kind',
  says: 'a request is not completed by an acknowledgement of another type',
  on: ['enter request'],
  spared: spare(ORDINARY_REQUESTS),
  step(_, { event, call }) {
    if (call === undefined || !hasForeignAck(call)) return undecided();
    if (event.err !== 0 || findLastAck(call) !== undefined) return kept();
    const foreign = call.acks[0];
    const message = `${call.fn} completed by ${foreign?.packet.type ?? 'nothing'}, ${lastAckType(call) ?? 'nothing'} is due`;
    return breach(message, [call.begin?.n, foreign?.n, event.n]);
  },
});

function hasForeignAck(call: CallRecord): boolean {
  const last = lastAckType(call);
  return last !== undefined && call.acks.some(({ packet: { type } }) => type !== 'PUBREC' && type !== last);
}
