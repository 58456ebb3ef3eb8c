import type { Deadlines } from '../timeline/events.ts';
import { isRecord } from '../timeline/member-type.ts';
import type { CallRecord } from './narration.ts';

/**
 * How long after its return of WOUNDBLOCK the callback of a call may take, ms.
 *
 * A connect call that sets `pktTimeout` (s) and `retryTimes` stretches the requests of its session.
 */
export function callbackBudgetMs(call: CallRecord, deadlines: Deadlines, connect?: CallRecord): number {
  if (call.fn === 'connect') return deadlines.connectMs;
  const info = connect?.params['info'];
  if (!isRecord(info)) return deadlines.requestMs;
  const pktTimeoutS = typeof info['pktTimeout'] === 'number' ? info['pktTimeout'] : 0;
  const retryTimes = typeof info['retryTimes'] === 'number' ? info['retryTimes'] : 0;
  return Math.max(deadlines.requestMs, pktTimeoutS * 1000 * (retryTimes + 1) + deadlines.returnMs);
}
