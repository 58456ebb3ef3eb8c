import { WOUNDBLOCK } from '../../protocol/codes.ts';
import type { EventOf } from '../../timeline/events.ts';
import type { CallRecord } from '../narration.ts';
import { type RuleContext, rule, type Step } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';

interface Begun {
  readonly call: CallRecord;
  readonly begin: EventOf<'call'>;
  readonly dueMs: number | undefined;
}

/**
 * A function returns within its budget. [manual 3.3.1.1: what takes longer is what WOUNDBLOCK is for]
 *
 * A connect may take its time, unless it then returns WOUNDBLOCK all the same. Both times are the module's own.
 */
export const returnsInTime = rule<Begun, 'call' | 'ret connect'>({
  id: 'RC-10',
  clause: 'M-2.returns-promptly',
  says: 'a call returns within the budget for returns',
  on: ['call', 'ret connect'],
  opens: ['call'],
  key: ({ event }) => event.token,
  step(begun, { event, call }, context) {
    if (event.k === 'ret') return begun === undefined ? undecided() : decide(begun, context);
    if (call === undefined) return undecided();
    const dueMs = event.fn === 'connect' ? undefined : event.at + context.deadlines.returnMs;
    // A reaction that is armed for more than one time has one token.
    const before = begun?.call.returned === undefined ? {} : decide(begun, context);
    return { ...before, state: { call, begin: event, dueMs } };
  },
  deadline: ({ dueMs }) => dueMs,
  expire: decide,
  end: (begun, context) => (begun.call.returned === undefined ? undecided() : decide(begun, context)),
});

function decide({ call, begin }: Begun, { deadlines: { returnMs } }: RuleContext): Step<Begun> {
  const { fn, returned } = call;
  if (returned === undefined) return breach(`${fn} had not returned after ${returnMs} ms`, [begin.n]);
  const takenMs = returned.t - begin.t;
  const mayBlock = fn === 'connect' && returned.ret !== WOUNDBLOCK;
  if (mayBlock || takenMs <= returnMs) return kept();
  return breach(`${fn} took ${takenMs} ms to return, ${returnMs} ms allowed`, [begin.n, returned.n]);
}
