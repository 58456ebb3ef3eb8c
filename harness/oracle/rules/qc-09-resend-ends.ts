import { findInfo } from '../find-info.ts';
import { findLastAck } from '../last-ack.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/** How often a packet was sent again on its first connection. */
type Resends = number;

/** A packet is sent again retry_times at most, and no more once its acknowledgement has had time to arrive. */
export const resendEnds = rule<Resends, 'frame up PUBLISH'>({
  id: 'QC-09',
  clause: 'M-10.resend-ends',
  says: 'a packet is sent again at most retry_times on a connection, and not after its acknowledgement',
  on: ['frame up PUBLISH'],
  key: ({ event, call }) => {
    const isResend = call?.wire !== undefined && call.wire !== event;
    return isResend && call.wire.conn === event.conn ? call.token : undefined;
  },
  step(resends = 0, { event, call, connection }, { deadlines }) {
    if (call === undefined) return undecided(resends);
    const ack = findLastAck(call);
    const count = resends + 1;
    if (ack !== undefined && event.at > ack.at + deadlines.ackMs) {
      return breach('a PUBLISH sent again after its acknowledgement', [call.wire?.n, ack.n, event.n], count);
    }
    const limit = findInfo(connection?.connectCall)?.['retryTimes'];
    if (typeof limit !== 'number' || limit === 0) return undecided(count);
    return count <= limit
      ? kept(count)
      : breach(`a PUBLISH sent again ${count} times, ${limit} allowed`, [call.wire?.n, event.n], count);
  },
});
