import type { Observation } from '../../run/outcome.ts';
import type { EventOf } from '../../timeline/events.ts';
import { resultOf } from '../callback-of.ts';
import type { CallRecord } from '../narration.ts';
import { rule, type Step } from '../rule.ts';
import { breach, undecided } from '../step.ts';

/** The requests whose session has ended, and that have not been called back since. */
interface Orphans {
  readonly calls: readonly CallRecord[];
  readonly ending: EventOf<'enter'>;
  readonly dueMs: number;
}

/** Requests that are open when the session ends are called back with an error. [manual 3.3.1.1; D-15] */
export const endFailsRequests = rule<Orphans, `enter ${'request' | 'disconnect' | 'exception'}` | 'ret deinit'>({
  id: 'CB-08',
  clause: 'M-6.fails-requests',
  also: ['D-15'],
  says: 'requests that are open when the session ends are called back with an error',
  on: ['enter request', 'enter disconnect', 'enter exception', 'ret deinit'],
  opens: ['enter disconnect', 'enter exception'],
  key: ({ slot }) => slot?.slot,
  step(state, { event, call, orphans = [] }, { deadlines }) {
    if (event.k === 'ret') return event.ret === 0 ? undecided() : undecided(state);
    if (event.cb === 'request')
      return state === undefined || call === undefined ? undecided(state) : answered(state, event, call);
    if (orphans.length === 0) return undecided(state);
    return { state: { calls: orphans, ending: event, dueMs: event.at + deadlines.quietMs } };
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ calls, ending }) {
    const findings = calls.map(({ fn, token, returned: ret }) => {
      const events = [ret?.n, ending.n].filter((n) => n !== undefined);
      return { message: `${fn} #${token} was left without a callback when the session ended`, events };
    });
    const observations = calls.map(() => fate(ending, 'no callback'));
    return { exercised: findings.length, findings, observations };
  },
});

function answered(state: Orphans, event: EventOf<'enter'>, call: CallRecord): Step<Orphans> {
  const { calls, ending } = state;
  if (!calls.includes(call)) return undecided(state);
  const rest = calls.filter((other) => other !== call);
  const left = rest.length === 0 ? undefined : { ...state, calls: rest };
  const result = resultOf(event);
  if (result !== 0) return { state: left, exercised: 1, observations: [fate(ending, result ?? 'no result')] };
  return breach(`${call.fn} called back with success after the session ended`, [ending.n, event.n], left);
}

function fate(ending: EventOf<'enter'>, value: string | number): Observation {
  return { clause: 'D-15', name: `err of a request that is open at the ${ending.cb}`, value };
}
