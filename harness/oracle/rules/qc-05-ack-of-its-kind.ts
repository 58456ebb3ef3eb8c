import { findLastAck, lastAckType } from '../last-ack.ts';
import type { CallRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, kept } from '../step.ts';

/** An acknowledgement of another type completes nothing. [MQTT 3.1.1, 4.3] */
export const ackOfItsKind = rule({
  id: 'QC-05',
  clause: 'M-10.ack-of-its-kind',
  says: 'a request is not completed by an acknowledgement of another type',
  on: ['enter'],
  key: ({ event, call }) => (event.cb === 'request' && call !== undefined && hasForeignAck(call) ? '' : undefined),
  step(_, { event, call }) {
    const isSuccess = event.cb === 'request' && event.err === 0;
    if (call === undefined || !isSuccess || findLastAck(call) !== undefined) return kept();
    const foreign = call.acks[0];
    const message = `${call.fn} completed by ${foreign?.packet.type ?? 'nothing'}, ${lastAckType(call) ?? 'nothing'} is due`;
    return breach(message, [call.begin?.n, foreign?.n, event.n]);
  },
});

function hasForeignAck(call: CallRecord): boolean {
  const types = new Set(['PUBREC', lastAckType(call)]);
  return lastAckType(call) !== undefined && call.acks.some(({ packet }) => !types.has(packet.type));
}
