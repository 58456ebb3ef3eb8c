import { callbackBudgetMs } from '../call-deadline.ts';
import { resultOf } from '../callback-of.ts';
import { isRefusal } from '../is-refusal.ts';
import type { CallRecord, SlotRecord } from '../narration.ts';
import { rule, type Step } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Accepted {
  readonly call: CallRecord;
  readonly slot: SlotRecord;
  readonly session: number;
  readonly dueMs: number;
}

/**
 * A publish that was accepted sends its PUBLISH once. [manual 3.3.3]
 *
 * One that is called back with an error need not; a session that ends takes what was not sent with it.
 */
export const oneTransmission = rule<Accepted, 'ret publish' | 'frame up PUBLISH'>({
  id: 'WF-16',
  clause: 'M-9.one-transmission',
  says: 'an accepted publish sends its PUBLISH once, or is called back with an error',
  on: ['ret publish', 'frame up PUBLISH'],
  key({ event, call, slot }) {
    if (event.k === 'ret') return isRefusal(event.ret) || slot === undefined ? undefined : event.token;
    if (call !== undefined) return call.token;
    return slot === undefined ? undefined : `${event.conn}/${event.frame}`;
  },
  step(accepted, { event, call, slot, connection }, { deadlines }) {
    if (event.k === 'frame') {
      if (call !== undefined) return accepted === undefined ? undecided() : kept();
      return connection?.connectCall === undefined ? undecided() : extra(event);
    }
    if (call === undefined || slot === undefined || slot.connect?.connection === undefined) return undecided();
    // The broker's event may be noted before the return is.
    if (call.wire !== undefined) return kept();
    const budgetMs = callbackBudgetMs(call, deadlines, slot.connect);
    return { state: { call, slot, session: slot.sessions, dueMs: event.at + budgetMs } };
  },
  deadline: ({ dueMs }) => dueMs,
  expire: decide,
  end: (state) => (state.call.wire === undefined ? undecided() : kept()),
});

function extra(event: {
  readonly n: number;
  readonly packet: { readonly type: string; readonly dup?: boolean };
}): Step<Accepted> {
  // What belongs to a session of before this timeline is sent again with DUP.
  return event.packet.dup === true ? undecided() : breach('a PUBLISH that no call asked for', [event.n]);
}

function decide({ call, slot, session }: Accepted): Step<Accepted> {
  const [callback] = call.callbacks;
  if (call.wire !== undefined) return kept();
  if (callback !== undefined && resultOf(callback) !== 0) return kept();
  const connection = slot.connect?.connection;
  const isOver = slot.state !== 'connected' || slot.sessions !== session || connection?.closed !== undefined;
  if (isOver || connection?.isDisturbed === true) return undecided();
  return breach('publish was accepted and sent no PUBLISH', [call.begin?.n, call.returned?.n]);
}
