import { isRefusal } from '../is-refusal.ts';
import type { CallRecord, SlotRecord } from '../narration.ts';
import { rule, spare } from '../rule.ts';
import { breach, kept } from '../step.ts';
import { ORDINARY_REQUEST_RETURNS } from '../topic.ts';

/**
 * Requests without a session are refused. [manual 3.3.1.1, code -6]
 *
 * While connecting, there is surely none yet only if no CONNACK has been sent; a disconnect then is left to the module.
 */
export const refusedWithoutSession = rule({
  id: 'RC-06',
  clause: 'M-2.not-connect',
  says: 'publish, sub_unsub and disconnect return an error while there is no session',
  on: ['ret publish', 'ret sub_unsub', 'ret disconnect'],
  spared: spare([...ORDINARY_REQUEST_RETURNS, 'ret disconnect pending ordinary']),
  key: ({ call, slot, before }) => {
    const isSame = call !== undefined && call.stateAtBegin === before;
    return isSame && slot !== undefined && hasNoSession(call, slot) ? 0 : undefined;
  },
  step(_, { event: { fn, ret, n }, call }) {
    if (isRefusal(ret)) return kept();
    return breach(`${fn} returned ${ret} on a client that is ${call?.stateAtBegin ?? 'unknown'}`, [call?.begin?.n, n]);
  },
});

function hasNoSession({ fn, stateAtBegin }: CallRecord, { connect }: SlotRecord): boolean {
  if (fn !== 'publish' && fn !== 'sub_unsub' && fn !== 'disconnect') return false;
  if (stateAtBegin === 'idle') return true;
  if (stateAtBegin !== 'connecting' || fn === 'disconnect') return false;
  return connect?.connection !== undefined && connect.connection.connack === undefined;
}
