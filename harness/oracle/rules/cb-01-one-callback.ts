import type { EventOf } from '../../timeline/events.ts';
import { callbackBudgetMs } from '../call-deadline.ts';
import { findCallbackKind } from '../callback-of.ts';
import type { CallRecord } from '../narration.ts';
import { type RuleContext, rule, type Seen, type Step } from '../rule.ts';
import { undecided } from '../step.ts';
import { ANSWERS, type Answer } from '../topic.ts';

/** A call of this slot that returned WOUNDBLOCK and has not been called back. */
interface Pending {
  readonly call: CallRecord;
  readonly returned: number;
  readonly budgetMs: number;
  readonly dueMs: number;
}

const WOUNDBLOCK = -2;
const CLAUSES: Readonly<Record<string, string>> = {
  connect: 'M-4.connect-callback',
  request: 'M-10.request-callback',
  disconnect: 'M-12.disconnect-callback',
};

/**
 * Each call that returned WOUNDBLOCK gets exactly one callback of its own kind, in time. [manual 3.3.1.1, 3.3.2.1, 3.3.3.1, 3.3.5.1]
 *
 * One slice a slot, since the end of its client ends what it owes: nobody says whether deinit still answers.
 */
export const oneCallback = rule<readonly Pending[], 'ret' | Answer>({
  id: 'CB-01',
  clause: 'M-2.wouldblock',
  also: Object.values(CLAUSES),
  says: 'a call that returned WOUNDBLOCK gets exactly one callback of its own kind within its deadline',
  on: ['ret', ...ANSWERS],
  key: ({ call }) => (call === undefined ? undefined : call.slot),
  step(pending = [], seen, context) {
    const { event, call } = seen;
    if (call === undefined) return undecided(pending);
    return event.k === 'ret' ? returned(pending, event, seen, call, context) : entered(pending, event, call);
  },
  deadline: (pending) => (pending.length === 0 ? undefined : Math.min(...pending.map(({ dueMs }) => dueMs))),
  expire(pending) {
    const dueMs = Math.min(...pending.map((one) => one.dueMs));
    const late = pending.filter((one) => one.dueMs === dueMs);
    const [first] = late;
    const rest = open(pending.filter((one) => one.dueMs !== dueMs));
    return first === undefined
      ? undecided(rest)
      : { ...decided(first.call, late.flatMap(neverCame), late.length), state: rest };
  },
});

function returned(
  pending: readonly Pending[],
  event: EventOf<'ret'>,
  seen: Seen,
  call: CallRecord,
  { deadlines }: RuleContext,
): Step<readonly Pending[]> {
  if (call.fn === 'deinit' && event.ret === 0) return undecided();
  const kind = findCallbackKind(call);
  if (kind === undefined || event.ret !== WOUNDBLOCK) return undecided(open(pending));
  // The vendor's task may preempt the caller: the callback may be stamped before the return.
  if (call.callbacks.some(({ cb }) => cb === kind)) return answered(call, open(pending));
  const budgetMs = callbackBudgetMs(call, deadlines, seen.slot?.connect);
  return { state: [...pending, { call, returned: event.n, budgetMs, dueMs: event.at + budgetMs }] };
}

function entered(pending: readonly Pending[], event: EventOf<'enter'>, call: CallRecord): Step<readonly Pending[]> {
  if (event.cb !== findCallbackKind(call)) return undecided(open(pending));
  const rest = open(pending.filter((one) => one.call !== call));
  const [first, ...more] = call.callbacks.filter(({ cb }) => cb === event.cb);
  if (first === undefined || more.length === 0) {
    const isAnswer = rest?.length !== pending.length;
    return isAnswer && pending.length > 0 ? answered(call, rest) : undecided(rest);
  }
  const message = `${event.cb} callback number ${more.length + 1} for one ${call.fn}`;
  return { ...decided(call, [{ message, events: [first.n, event.n] }]), state: rest };
}

function neverCame({ call, returned: n, budgetMs }: Pending): { message: string; events: number[] } {
  const kind = findCallbackKind(call) ?? 'request';
  return { message: `${call.fn} returned WOUNDBLOCK and no ${kind} callback came in ${budgetMs} ms`, events: [n] };
}

/** The call has got its callback; `state` is what else is pending. */
function answered(call: CallRecord, state: readonly Pending[] | undefined): Step<readonly Pending[]> {
  return { state, exercised: 1, clauses: ['M-2.wouldblock', clauseOf(call)] };
}

function decided(
  call: CallRecord,
  found: readonly { readonly message: string; readonly events: readonly number[] }[],
  exercised = 1,
): Step<readonly Pending[]> {
  const clause = clauseOf(call);
  const clauses = ['M-2.wouldblock', clause];
  return found.length === 0
    ? { exercised, clauses }
    : { exercised, clauses, findings: found.map((one) => ({ ...one, clause })) };
}

function clauseOf(call: CallRecord): string {
  return CLAUSES[findCallbackKind(call) ?? 'request'] ?? 'M-2.wouldblock';
}

function open(pending: readonly Pending[]): readonly Pending[] | undefined {
  return pending.length === 0 ? undefined : pending;
}
