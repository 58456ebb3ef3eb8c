import { WOUNDBLOCK } from '../../protocol/codes.ts';
import { findCallbackKind } from '../callback-of.ts';
import type { CallRecord } from '../narration.ts';
import { rule, type Step, spare } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { ANSWERED_RETURNS, ANSWERS, type Answer, type AnsweredReturn, ORDINARY_ANSWERS } from '../topic.ts';

interface Returned {
  readonly call: CallRecord;
  readonly dueMs: number;
}

/** A call that returned an error is over. What 0 means for a callback is only recorded (D-22). [manual 3.3.1.1] */
export const errorIsFinal = rule<Returned, `${AnsweredReturn} final` | Answer>({
  id: 'CB-04',
  clause: 'M-2.error-is-final',
  also: ['D-22'],
  says: 'a call that returned an error gets no callback',
  on: [...ANSWERED_RETURNS.map((returned) => `${returned} final` as const), ...ANSWERS],
  spared: spare(ORDINARY_ANSWERS),
  key: ({ call }) =>
    call !== undefined && isOver(call) && findCallbackKind(call) !== undefined ? call.token : undefined,
  step(open, { event, call }, { deadlines }) {
    const returned = call?.returned;
    if (call === undefined || returned === undefined) return undecided(open);
    const state = open ?? { call, dueMs: returned.at + deadlines.quietMs };
    if (returned.ret === 0) return undecided(event.k === 'ret' ? state : open);
    const callback = call.callbacks.at(-1);
    if (callback !== undefined) {
      const events = [returned.n, callback.n].toSorted((a, b) => a - b);
      return breach(`${callback.cb} callback for a ${call.fn} that returned ${returned.ret}`, events);
    }
    return undecided(event.k === 'ret' ? state : open);
  },
  deadline: ({ dueMs }) => dueMs,
  expire: decide,
  end: decide,
});

function isOver({ returned }: CallRecord): boolean {
  return returned !== undefined && returned.ret !== WOUNDBLOCK;
}

function decide({ call }: Returned): Step<Returned> {
  if (call.returned?.ret !== 0) return kept();
  const name = `a callback follows a ${call.fn} that returned 0`;
  return { observations: [{ clause: 'D-22', name, value: call.callbacks.length > 0 }] };
}
