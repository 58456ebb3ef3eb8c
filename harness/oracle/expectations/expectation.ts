import type { EventKind, EventOf, HostHappening } from '../../timeline/events.ts';
import type { AnyRule, Rule, RuleContext, Seen, Step } from '../rule.ts';

/** What a scenario states, as it is written into the timeline. */
export type ExpectHappening = Extract<HostHappening, { readonly k: 'expect' }>;

export type Params = Readonly<Record<string, unknown>>;

/** A predicate made ready for one expectation: the streaming form of a rule with a single slice that starts open. */
export interface Predicate<S, K extends EventKind> {
  readonly on: readonly K[];
  readonly start: S;
  step(state: S, seen: Seen<EventOf<K>>, context: RuleContext): Step<S>;
  /** The timeline has ended before it was decided. */
  end(state: S, context: RuleContext): Step<S>;
}

/** The rule of one expectation. */
export interface ExpectationRule extends AnyRule {
  /** The call that it is about: other calls' events are kept from it. */
  readonly token?: number;
}

/** Turns a predicate into the rule that the judge runs for this expectation. */
export function expectationOf<S, K extends EventKind>(
  event: EventOf<'expect'>,
  predicate: Predicate<S, K>,
): ExpectationRule {
  const judged: Rule<S> = {
    id: `expect:${event.predicate}`,
    clause: event.clause,
    says: `the scenario's expectation ${event.predicate}`,
    on: ['expect', ...predicate.on],
    key: () => '',
    step(state, seen, context) {
      if (seen.event.k === 'expect') return { state: seen.event.n === event.n ? predicate.start : state };
      return state !== undefined && isOn(predicate, seen) ? predicate.step(state, seen, context) : { state };
    },
    end: (state, context) => predicate.end(state, context),
  };
  return judged;
}

/** The same for a predicate about one call. */
export function expectationOfCall<S, K extends 'call' | 'ret' | 'enter'>(
  event: EventOf<'expect'>,
  token: number,
  predicate: Predicate<S, K>,
): ExpectationRule {
  return { ...expectationOf(event, predicate), token };
}

function isOn<S, K extends EventKind>(predicate: Predicate<S, K>, seen: Seen): seen is Seen<EventOf<K>> {
  return predicate.on.some((kind) => kind === seen.event.k);
}
