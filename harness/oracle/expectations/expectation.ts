import type { EventKind, EventOf, HostHappening } from '../../timeline/events.ts';
import type { RuleContext, Seen, Step } from '../rule.ts';

/** What a scenario states, as it is written into the timeline. */
export type ExpectHappening = Extract<HostHappening, { readonly k: 'expect' }>;

export type Params = Readonly<Record<string, unknown>>;

/** A predicate made ready for one expectation: the streaming form of a rule with a single slice that starts open. */
export interface Predicate<S, K extends EventKind> {
  readonly on: readonly K[];
  readonly start: S;
  /** The call that it is about: other calls' events are kept from it. */
  readonly token?: number;
  step(state: S, seen: Seen<EventOf<K>>, context: RuleContext): Step<S>;
  /** The timeline has ended before it was decided. */
  end(state: S, context: RuleContext): Step<S>;
}

/** Any predicate, whatever it keeps. Spelled out member by member: by name alone TypeScript would not let a `Predicate<S, K>` pass. */
export type ExpectationRule = {
  readonly [M in keyof Predicate<unknown, EventKind>]: Predicate<unknown, EventKind>[M];
};

/** Types a predicate without writing its parameters out. */
export function expectation<S, K extends EventKind>(predicate: Predicate<S, K>): ExpectationRule {
  return predicate;
}

/** The same for a predicate about one call. */
export function expectationOfCall<S, K extends 'call' | 'ret' | 'enter'>(
  predicate: Predicate<S, K> & { readonly token: number },
): ExpectationRule {
  return predicate;
}
