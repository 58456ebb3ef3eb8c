import type { EventOf } from '../../timeline/events.ts';
import { callbackBudgetMs } from '../call-deadline.ts';
import { resultOf } from '../callback-of.ts';
import type { CallRecord } from '../narration.ts';
import type { RuleContext, Step } from '../rule.ts';
import { breach, kept, UNCHANGED } from '../step.ts';
import { type ExpectationRule, type ExpectHappening, expectationOfCall } from './expectation.ts';
import { findNumber, findNumbers, findText } from './params.ts';

type CallbackKind = EventOf<'enter'>['cb'];

export interface CallbackExpected {
  /** Left out: whichever kind answers the call. */
  readonly cb?: CallbackKind;
  /** Left out: once. */
  readonly count?: number;
}

/** The call of this token is answered by a callback with one of these results (connection status or err). */
export function callback(
  token: number,
  results: readonly number[],
  clause: string,
  expected: CallbackExpected = {},
): ExpectHappening {
  return { k: 'expect', predicate: 'callback', params: { token, in: results, ...expected }, clause };
}

interface Awaited {
  readonly call: CallRecord | undefined;
  readonly entered: readonly number[];
}

const NOTHING_YET: Awaited = { call: undefined, entered: [] };

export function callbackRule(event: EventOf<'expect'>): ExpectationRule | undefined {
  const token = findNumber(event.params, 'token');
  const results = findNumbers(event.params, 'in');
  const count = findNumber(event.params, 'count') ?? 1;
  const cb = findText(event.params, 'cb');
  if (token === undefined || results === undefined) return undefined;
  return expectationOfCall<Awaited, 'ret' | 'enter'>({
    token,
    on: ['ret', 'enter'],
    start: NOTHING_YET,
    step(state, { event: happened, call }) {
      if (call?.token !== token) return UNCHANGED;
      const result = happened.k === 'enter' && (cb ?? happened.cb) === happened.cb ? resultOf(happened) : undefined;
      if (happened.k !== 'enter' || result === undefined)
        return state.call === call ? UNCHANGED : { state: { call, entered: state.entered } };
      if (!results.includes(result)) {
        return breach(`${happened.cb} callback with ${result}, expected ${results.join(' or ')}`, [happened.n]);
      }
      return { state: { call, entered: [...state.entered, happened.n] } };
    },
    end: (state, context) => decide(state, count, event, context),
  });
}

function decide(
  { call, entered }: Awaited,
  count: number,
  event: EventOf<'expect'>,
  context: RuleContext,
): Step<Awaited> {
  if (entered.length === count) return kept();
  const proof = [call?.returned?.n, event.n, ...entered];
  if (entered.length > count) return breach(`${entered.length} callbacks, expected ${count}`, proof);
  if (call?.returned === undefined) return { troubles: ['a call whose callback is expected has not returned'] };
  const { ret, at } = call.returned;
  if (ret !== 0 && ret !== -2) return breach(`${call.fn} returned ${ret}, so that no callback follows`, proof);
  const dueMs = at + callbackBudgetMs(call, context.deadlines) + context.epsilonMs;
  if (context.moduleUntilMs < dueMs)
    return { troubles: [`the scenario ended before the callback of ${call.fn} was due`] };
  return breach(`${entered.length} callbacks of ${call.fn}, expected ${count}`, proof);
}
