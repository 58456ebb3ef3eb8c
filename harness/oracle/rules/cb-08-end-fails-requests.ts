import type { Observation } from '../../run/outcome.ts';
import type { EventOf } from '../../timeline/events.ts';
import { resultOf } from '../callback-of.ts';
import type { CallRecord } from '../narration.ts';
import { rule, type Seen, type Step } from '../rule.ts';
import { breach, undecided } from '../step.ts';
import type { EventOn } from '../topic.ts';

/** The requests of a slot that returned WOUNDBLOCK and have not been called back. */
interface Requests {
  readonly open: readonly CallRecord[];
  /** Their session has ended. */
  readonly orphans: readonly CallRecord[];
  readonly ending: EventOf<'enter'> | undefined;
  readonly dueMs: number | undefined;
}

type Asked = `ret ${'publish' | 'sub_unsub' | 'deinit'}`;
type Told = `enter ${'request' | 'disconnect' | 'exception'}`;

const NONE: Requests = { open: [], orphans: [], ending: undefined, dueMs: undefined };

/** Requests that are open when the session ends are called back with an error. [manual 3.3.1.1; D-15] */
export const endFailsRequests = rule<Requests, Asked | Told>({
  id: 'CB-08',
  clause: 'M-6.fails-requests',
  also: ['D-15'],
  says: 'requests that are open when the session ends are called back with an error',
  on: ['ret publish', 'ret sub_unsub', 'ret deinit', 'enter request', 'enter disconnect', 'enter exception'],
  key: ({ slot }) => (slot === undefined ? undefined : slot.slot),
  step(state = NONE, seen, { deadlines }) {
    const { event, call } = seen;
    if (event.k === 'ret') return undecided(returned(state, event, call));
    if (event.cb === 'request') return call === undefined ? undecided(state) : answered(state, event, call);
    if (seen.before === 'no-handle' || state.open.length === 0) return undecided(state);
    return { state: { open: [], orphans: state.open, ending: event, dueMs: event.at + deadlines.quietMs } };
  },
  deadline: ({ dueMs }) => dueMs,
  expire({ open, orphans, ending }) {
    const findings = orphans.map(({ fn, token, returned: ret }) => {
      const events = [ret?.n, ending?.n].filter((n) => n !== undefined);
      return { message: `${fn} #${token} was left without a callback when the session ended`, events };
    });
    const observations = orphans.map(() => fate(ending, 'no callback'));
    return { state: { ...NONE, open }, exercised: findings.length, findings, observations };
  },
});

function returned(state: Requests, event: EventOn<Asked>, call: Seen['call']): Requests {
  if (event.fn === 'deinit') return event.ret === 0 ? NONE : state;
  const isOpen = event.ret === -2 && call !== undefined && call.callbacks.length === 0;
  return isOpen && call.params['cb'] !== false ? withOpen(state, [...state.open, call]) : state;
}

function answered(state: Requests, event: EventOf<'enter'>, call: CallRecord): Step<Requests> {
  const left = withOpen(state, without(state.open, call));
  if (!state.orphans.includes(call)) return undecided(left);
  const rest = { ...left, orphans: without(state.orphans, call) };
  const result = resultOf(event);
  if (result !== 0) return { state: rest, exercised: 1, observations: [fate(state.ending, result ?? 'no result')] };
  return breach(`${call.fn} called back with success after the session ended`, [state.ending?.n, event.n], rest);
}

function withOpen({ orphans, ending, dueMs }: Requests, open: readonly CallRecord[]): Requests {
  return { open, orphans, ending, dueMs };
}

function fate(ending: EventOf<'enter'> | undefined, value: string | number): Observation {
  return { clause: 'D-15', name: `err of a request that is open at the ${ending?.cb ?? 'end'}`, value };
}

function without(calls: readonly CallRecord[], call: CallRecord): readonly CallRecord[] {
  return calls.filter((other) => other !== call);
}
