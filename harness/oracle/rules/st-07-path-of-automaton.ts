import type { EventOf } from '../../timeline/events.ts';
import type { CallRecord, SlotState } from '../narration.ts';
import { rule, type Step } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

/**
 * What a client answers follows the order that the manual gives for its calls. [manual 2]
 *
 * The steps that a clause of their own forbids are left to its rule: requests without a session (RC-06), a second connect
 * (ST-03), exceptions (CB-11, CB-12), a client that is gone (CB-05), second answers (CB-01) and answers to refused calls (CB-04).
 */
export const pathOfAutomaton = rule({
  id: 'ST-07',
  clause: 'M-17.call-order',
  says: 'returns and callbacks are a path of the client automaton: init, connect, connected, disconnect, idle, deinit',
  on: ['ret init', 'ret connect', 'ret disconnect', 'ret deinit', 'enter connect'],
  step(_, { event, call, before }): Step<undefined> {
    if (event.k === 'ret') return call === undefined ? undecided() : returned(event, call);
    return before === undefined ? undecided() : entered(event, call, before);
  },
});

function returned(event: EventOf<'ret'>, call: CallRecord): Step<undefined> {
  if (event.ret !== 0 && event.ret !== -2) return undecided();
  const isOrphan = event.fn === 'connect' && call.stateAtBegin === 'no-handle' && call.params['client'] === undefined;
  return isOrphan
    ? breach('connect was accepted on a client that was not initialised', [call.begin?.n, event.n])
    : kept();
}

function entered(event: EventOf<'enter'>, call: CallRecord | undefined, before: SlotState): Step<undefined> {
  if (before === 'no-handle') return undecided();
  if (call !== undefined && (call.callbacks.length > 1 || isRefused(call))) return undecided();
  // Stamped before the return of its own call, it finds the slot as it was before.
  const isEarly = call !== undefined && call.returned === undefined;
  if (before === 'connecting' || before === 'disconnecting' || isEarly) return kept();
  return breach(`connection callback on a client that is ${before}`, [call?.begin?.n, event.n]);
}

function isRefused({ returned: ret }: CallRecord): boolean {
  return ret !== undefined && ret.ret !== 0 && ret.ret !== -2;
}
