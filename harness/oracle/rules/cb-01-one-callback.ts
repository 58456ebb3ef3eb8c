import type { EventOf } from '../../timeline/events.ts';
import { callbackBudgetMs } from '../call-deadline.ts';
import { findCallbackKind } from '../callback-of.ts';
import type { CallRecord, SlotRecord } from '../narration.ts';
import { rule, type Step } from '../rule.ts';
import { undecided } from '../step.ts';
import { ANSWERED_RETURNS, ANSWERS, type Answer, type AnsweredReturn } from '../topic.ts';

/** A call that returned WOUNDBLOCK and has not been called back. */
interface Pending {
  readonly call: CallRecord;
  readonly slot: SlotRecord;
  readonly returned: number;
  readonly budgetMs: number;
  readonly dueMs: number;
}

const CLAUSES: Readonly<Record<string, string>> = {
  connect: 'M-4.connect-callback',
  request: 'M-10.request-callback',
  disconnect: 'M-12.disconnect-callback',
};
/** Most calls are answered: one step for each kind of callback serves them all. */
const ANSWERED = new Map(
  Object.entries(CLAUSES).map(([kind, clause]) => [kind, { exercised: 1, clauses: ['M-2.wouldblock', clause] }]),
);

/** Each call that returned WOUNDBLOCK gets exactly one callback of its own kind, in time. [manual 3.3.1.1, 3.3.2.1, 3.3.3.1, 3.3.5.1] */
export const oneCallback = rule<Pending, `${AnsweredReturn} pending` | Answer>({
  id: 'CB-01',
  clause: 'M-2.wouldblock',
  also: Object.values(CLAUSES),
  says: 'a call that returned WOUNDBLOCK gets exactly one callback of its own kind within its deadline',
  on: [...ANSWERED_RETURNS.map((returned) => `${returned} pending` as const), ...ANSWERS],
  // A reaction that is armed for more than one time has one token.
  key: ({ call }) => call?.begin?.n,
  step(pending, { event, call, slot }, { deadlines }) {
    const kind = call === undefined ? undefined : findCallbackKind(call);
    if (call === undefined || kind === undefined || slot === undefined) return undecided(pending);
    if (event.k === 'enter') return event.cb === kind ? entered(pending, event, call) : undecided(pending);
    // The vendor's task may preempt the caller: the callback may be stamped before the return.
    if (call.callbacks.some(({ cb }) => cb === kind)) return ANSWERED.get(kind) ?? undecided();
    const budgetMs = callbackBudgetMs(call, deadlines, slot.connect);
    return { state: { call, slot, returned: event.n, budgetMs, dueMs: event.at + budgetMs } };
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ call, slot, returned, budgetMs }) {
    // The end of its client ends what it owes: nobody says whether deinit still answers.
    if (slot.state === 'no-handle' || slot.generation !== call.generation) return undecided();
    const kind = findCallbackKind(call) ?? 'request';
    return found(kind, `${call.fn} returned WOUNDBLOCK and no ${kind} callback came in ${budgetMs} ms`, [returned]);
  },
});

function entered(pending: Pending | undefined, { cb, n }: EventOf<'enter'>, call: CallRecord): Step<Pending> {
  const [first, ...more] = call.callbacks.filter((callback) => callback.cb === cb);
  if (first === undefined || more.length === 0)
    return (pending === undefined ? undefined : ANSWERED.get(cb)) ?? undecided();
  return found(cb, `${cb} callback number ${more.length + 1} for one ${call.fn}`, [first.n, n]);
}

function found(kind: string, message: string, events: readonly number[]): Step<Pending> {
  const clause = CLAUSES[kind] ?? 'M-2.wouldblock';
  return { exercised: 1, clauses: ['M-2.wouldblock', clause], findings: [{ message, events, clause }] };
}
