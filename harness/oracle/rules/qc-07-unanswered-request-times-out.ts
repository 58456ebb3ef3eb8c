import type { EventOf } from '../../timeline/events.ts';
import { callbackBudgetMs } from '../call-deadline.ts';
import { findLastAck, lastAckType } from '../last-ack.ts';
import type { CallRecord, SlotRecord } from '../narration.ts';
import { rule } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Waiting {
  readonly call: CallRecord;
  readonly slot: SlotRecord;
  readonly session: number;
  readonly budgetMs: number;
  readonly dueMs: number;
}

const TIMEOUT_CODE = -9;
const TIMEOUT_STATUS = 257;

/** A request that is never answered ends with a time-out, once. [manual 3.3.1.1, code -9; 3.3.2.4, status 257] */
export const unansweredRequestTimesOut = rule<Waiting, 'ret publish pending' | 'ret sub_unsub pending' | 'enter'>({
  id: 'QC-07',
  clause: 'M-2.timeout',
  says: 'a request without an acknowledgement is called back with a time-out within its budget',
  on: ['ret publish pending', 'ret sub_unsub pending', 'enter'],
  opens: ['ret publish pending', 'ret sub_unsub pending', 'enter request'],
  key: ({ call }) => (call !== undefined && lastAckType(call) !== undefined ? call.token : undefined),
  step(waiting, { event, call, slot }, { deadlines }) {
    if (call === undefined || slot === undefined) return undecided(waiting);
    if (event.k === 'enter') return isTimeOut(event) && findLastAck(call) === undefined ? kept() : undecided();
    if (call.callbacks.length > 0 || call.params['cb'] === false) return undecided();
    const budgetMs = callbackBudgetMs(call, deadlines, slot.connect);
    return { state: { call, slot, session: slot.sessions, budgetMs, dueMs: event.at + budgetMs } };
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ call, slot, session, budgetMs }) {
    const isOver = slot.state !== 'connected' || slot.sessions !== session;
    if (isOver || findLastAck(call) !== undefined) return undecided();
    const message = `${call.fn} was never answered and did not time out in ${budgetMs} ms`;
    return breach(
      message,
      [call.begin?.n, call.wire?.n, call.returned?.n].toSorted((a, b) => (a ?? 0) - (b ?? 0)),
    );
  },
});

function isTimeOut(event: EventOf<'enter'>): boolean {
  return event.cb === 'request' && (event.err === TIMEOUT_CODE || event.err === TIMEOUT_STATUS);
}
