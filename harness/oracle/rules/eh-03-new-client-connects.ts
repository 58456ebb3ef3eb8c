import { WOUNDBLOCK } from '../../protocol/codes.ts';
import type { EventOf } from '../../timeline/events.ts';
import { callbackBudgetMs } from '../call-deadline.ts';
import { resultOf } from '../callback-of.ts';
import type { CallRecord } from '../narration.ts';
import { type RuleContext, rule, type Step } from '../rule.ts';
import { breach, kept, UNCHANGED, undecided } from '../step.ts';
import { ANSWERS, type Answer } from '../topic.ts';

interface Epilogue {
  /** Number of the event that began it. */
  readonly since: number;
  /** Its calls that returned WOUNDBLOCK and were not called back yet, by token. */
  readonly open: ReadonlyMap<number, Accepted>;
}

interface Accepted {
  readonly call: CallRecord;
  readonly answer: EventOf<'ret'>;
}

const SUCCESS = 0;
/** What the epilogue asks of its new client. Taking clients down, which it does too, is no part of it. */
const ASKED: ReadonlySet<string> = new Set(['init', 'connect', 'sub_unsub', 'publish']);

/**
 * What the epilogue asks of a new client succeeds. [manual 2]
 *
 * It asks only where the body disturbed the module; that a message comes back unchanged is IN-01's and IN-03's to say.
 */
export const newClientConnects = rule<Epilogue, 'ret' | Answer | 'phase'>({
  id: 'EH-03',
  clause: 'M-17.recovers',
  says: 'after a fault a new client connects, subscribes and publishes at QoS 1',
  on: ['ret', ...ANSWERS, 'phase'],
  opens: ['phase'],
  key: ({ event, call }) => (event.k === 'phase' || (call !== undefined && ASKED.has(call.fn)) ? 0 : undefined),
  step(epilogue, { event, call }) {
    if (event.k === 'phase')
      return undecided(event.phase === 'epilogue' ? { since: event.n, open: new Map() } : epilogue);
    if (epilogue === undefined || call === undefined || (call.request?.n ?? 0) < epilogue.since) return UNCHANGED;
    return event.k === 'ret' ? returned(epilogue, call, event) : calledBack(epilogue, call, event);
  },
  end: ({ open }, context) => ({ findings: [...open.values()].flatMap((accepted) => unanswered(accepted, context)) }),
});

function returned(epilogue: Epilogue, call: CallRecord, answer: EventOf<'ret'>): Step<Epilogue> {
  const { fn, token, ret, n } = answer;
  if (ret === SUCCESS) return kept(epilogue);
  if (ret !== WOUNDBLOCK)
    return breach(`after the disturbance ${fn} of a new client returned ${ret}`, [call.begin?.n, n], epilogue);
  return undecided({ ...epilogue, open: new Map([...epilogue.open, [token, { call, answer }]]) });
}

function calledBack(epilogue: Epilogue, { fn, token, begin }: CallRecord, event: EventOf<'enter'>): Step<Epilogue> {
  const result = resultOf(event);
  if (result === undefined) return undecided(epilogue);
  const open = new Map(epilogue.open);
  open.delete(token);
  const rest = { ...epilogue, open };
  if (result === 0) return kept(rest);
  return breach(
    `after the disturbance ${fn} of a new client was called back with ${result}`,
    [begin?.n, event.n],
    rest,
  );
}

function unanswered(
  { call, answer }: Accepted,
  { deadlines, epsilonMs, moduleUntilMs }: RuleContext,
): { readonly message: string; readonly events: readonly number[] }[] {
  if (answer.at + callbackBudgetMs(call, deadlines) + epsilonMs > moduleUntilMs) return [];
  return [{ message: `after the disturbance ${answer.fn} of a new client was not called back`, events: [answer.n] }];
}
