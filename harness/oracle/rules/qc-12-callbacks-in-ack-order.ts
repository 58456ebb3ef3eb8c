import { findLastAck, lastAckType } from '../last-ack.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Completed {
  readonly ack: number;
  readonly callback: number;
}

/** Requests of one kind are called back in the order in which they were acknowledged. */
export const callbacksInAckOrder = rule<Completed, 'enter request publish'>({
  id: 'QC-12',
  clause: 'M-10.ack-order',
  says: 'publishes of one QoS are called back in the order of their acknowledgements',
  on: ['enter request publish'],
  key: ({ event, call, slot }) => {
    const isSuccess = event.err === 0 && call?.fn === 'publish';
    return isSuccess && slot !== undefined && lastAckType(call) !== undefined
      ? `${slot.slot}/${String(call.params['qos'])}`
      : undefined;
  },
  step(last, { event, call }) {
    const ack = call === undefined ? undefined : findLastAck(call);
    if (ack === undefined) return undecided(last);
    const next = { ack: ack.n, callback: event.n };
    if (last === undefined) return undecided(next);
    return last.ack < ack.n
      ? kept(next)
      : breach('callbacks in another order than the acknowledgements', [ack.n, last.ack, last.callback, event.n], next);
  },
});
