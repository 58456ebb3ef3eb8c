import type { EventOf } from '../../timeline/events.ts';
import type { ConnectionRecord } from '../narration.ts';
import { type RuleContext, rule, type Seen, type Step } from '../rule.ts';
import { breach, kept, undecided } from '../step.ts';
import { type EventOn, TURNS, type Turn } from '../topic.ts';

/** What a slot's client owes: the closing of a connection, since `why`. */
interface Owed {
  readonly connection: ConnectionRecord;
  readonly why: string;
  readonly since: number;
  readonly dueMs: number;
}

interface Connections {
  readonly newest: ConnectionRecord | undefined;
  readonly owed: readonly Owed[];
}

const NONE: Connections = { newest: undefined, owed: [] };

/** A client has one connection, and none soon after its session has ended. [manual 3.3.5, 3.3.8] */
export const oneConnectionAtATime = rule<Connections, 'tcp-open' | 'fin' | 'tcp-close' | Turn | 'ret deinit'>({
  id: 'ST-06',
  clause: 'M-12.connection-closes',
  says: 'a client has at most one connection, closed by the module soon after the end of the session',
  on: ['tcp-open', 'fin', 'tcp-close', ...TURNS, 'ret deinit'],
  key: ({ slot }) => slot?.slot,
  step(state = NONE, seen, context) {
    const { event } = seen;
    if (event.k === 'fin' || event.k === 'tcp-close') return ended(state, seen.connection);
    if (event.k === 'tcp-open') return undecided(opened(state, seen, event, context));
    const connection = seen.slot?.connect?.connection;
    const ending = endingOf(event);
    if (ending === undefined || connection === undefined) return undecided(state);
    if (isGone(connection)) return kept(state);
    return undecided(owe(state, { connection, why: ending, since: event.n, dueMs: dueAt(event, context) }));
  },
  deadline: ({ owed }) => (owed.length === 0 ? undefined : Math.min(...owed.map(({ dueMs }) => dueMs))),
  expire(state, context) {
    const dueMs = Math.min(...state.owed.map((one) => one.dueMs));
    const rest = { ...state, owed: state.owed.filter((one) => one.dueMs !== dueMs) };
    return merged(
      state.owed.filter((one) => one.dueMs === dueMs),
      rest,
      context,
    );
  },
  end: ({ owed }, context) =>
    merged(
      owed.filter(({ dueMs }) => dueMs < context.moduleUntilMs),
      NONE,
      context,
    ),
});

/** A connection that is owed its end has come to it. */
function ended(state: Connections, connection: ConnectionRecord | undefined): Step<Connections> {
  const owed = state.owed.filter((one) => one.connection !== connection || !isGone(one.connection));
  return owed.length === state.owed.length ? undecided(state) : kept({ ...state, owed });
}

function opened(
  state: Connections,
  { connection }: Seen,
  event: EventOf<'tcp-open'>,
  context: RuleContext,
): Connections {
  if (connection === undefined) return state;
  const older = state.newest;
  const next = { ...state, newest: connection };
  // The end of the older one may be seen a little later than the start of the new one.
  if (older === undefined || isGone(older)) return next;
  return owe(next, { connection: older, why: 'another was opened', since: event.n, dueMs: dueAt(event, context) });
}

function owe(state: Connections, owed: Owed): Connections {
  const isKnown = state.owed.some(({ connection }) => connection === owed.connection);
  return isKnown ? state : { ...state, owed: [...state.owed, owed] };
}

function merged(due: readonly Owed[], rest: Connections, context: RuleContext): Step<Connections> {
  const steps = due.map((one) => decide(one, context));
  return {
    state: rest,
    exercised: steps.reduce((sum, { exercised = 0 }) => sum + exercised, 0),
    findings: steps.flatMap(({ findings = [] }) => findings),
  };
}

function decide({ connection, why, since }: Owed, { deadlines }: RuleContext): Step<Connections> {
  if (isGone(connection)) return kept();
  if (connection.isDisturbed) return undecided();
  const message = `the connection was still open ${deadlines.closeMs} ms after ${why}`;
  return breach(message, [connection.opened.n, since]);
}

function isGone({ closed, fin }: ConnectionRecord): boolean {
  return closed !== undefined || fin !== undefined;
}

function endingOf(event: EventOn<Turn | 'ret deinit'>): string | undefined {
  if (event.k === 'ret') return event.ret === 0 ? 'deinit' : undefined;
  if (event.cb === 'connect') return event.status === 0 ? undefined : `status ${event.status}`;
  return `the ${event.cb} callback`;
}

function dueAt({ at }: { readonly at: number }, { deadlines }: RuleContext): number {
  return at + deadlines.closeMs;
}
