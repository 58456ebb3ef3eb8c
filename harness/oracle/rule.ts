import type { Observation } from '../run/outcome.ts';
import type { Deadlines, TimelineEvent } from '../timeline/events.ts';
import type { CallRecord, ConnectionRecord, InboundRecord, SlotRecord, SlotState } from './narration.ts';
import type { EventOn, Topic, Within } from './topic.ts';

/** What tells one slice of a rule from another. A number is found several times as fast as a text that is made for it. */
export type Key = string | number;

/**
 * A rule reads one slice of the timeline (a call, a connection, a packet id …) and says what breaks its clause.
 *
 * Pure: no I/O, no clock. State lives in the slice; the judge drops it when `state` comes back undefined, so that memory stays
 * bounded whatever the length of the timeline. A start of the module ends every slice of a rule that reads module events.
 */
export interface Rule<S = unknown, T extends Topic = Topic> {
  /** Of the catalogue, e.g. `CB-01`. */
  readonly id: string;
  readonly clause: string;
  /** Further clauses that its steps may exercise, its findings name or its observations fall under. */
  readonly also?: readonly string[];
  /** One sentence: what must hold. */
  readonly says: string;
  /** The events that it is given, and no others. */
  readonly on: readonly T[];
  /** Those of them that mean something while none of its slices is open; left out: all. What would decide nothing is then not asked. */
  readonly opens?: readonly (T | Within<T>)[] | undefined;
  /** Events of `on` that `step` is not asked about, since it would say no more than this; its slices know nothing of them. */
  readonly spared?: readonly Spared[] | undefined;
  /** Which slice the event belongs to; undefined: none of this rule's business. Left out: there is one slice, all events are its. */
  key?(seen: Seen<EventOn<T>>, context: RuleContext): Key | undefined;
  step(state: S | undefined, seen: Seen<EventOn<T>>, context: RuleContext): Step<S>;
  /**
   * When, in ms of the timeline, `expire` is due although no event came.
   *
   * A rule that reads any module event expires once the module has been heard beyond `deadline` + ε; others once the host's
   * clock has passed it. An event before the deadline is always given to `step` first.
   */
  deadline?(state: S): number | undefined;
  expire?(state: S, context: RuleContext): Step<S>;
  /** The timeline has ended with this slice open. */
  end?(state: S, context: RuleContext): Step<S>;
}

/** Events that are known to keep these clauses, each of them; without any, they are known to decide nothing. */
export interface Spared {
  readonly topic: Topic;
  readonly clauses: readonly string[];
}

/** Any rule, whatever its slices hold. Spelled out member by member: by name alone TypeScript would not let a `Rule<S, T>` pass. */
export type AnyRule = { readonly [M in keyof Rule]: Rule[M] };

/** An event with what earlier events say about it. The records live on: a rule may keep one and look again later. */
export interface Seen<E extends TimelineEvent = TimelineEvent> {
  readonly event: E;
  /**
   * The call that a module event belongs to (by token, arg, or for `exception` the slot's newest connect), that put a frame on
   * the wire, or that a frame answers.
   */
  readonly call?: CallRecord | undefined;
  /** The connection that a broker event belongs to. */
  readonly connection?: ConnectionRecord | undefined;
  /** The client slot of either, as this event left it. */
  readonly slot?: SlotRecord | undefined;
  /** What the slot was before this event. */
  readonly before?: SlotState | undefined;
  /** The requests that the end of a session left without a callback: of a disconnection or exception callback. */
  readonly orphans?: readonly CallRecord[] | undefined;
  /** The publishes that the client has sent and the broker has not completed, in order: of a CONNACK. */
  readonly unfinished?: readonly CallRecord[] | undefined;
  /** Nothing out of the ordinary: of a return, or of a callback. */
  readonly isOrdinary?: boolean | undefined;
  /** The PUBLISH that an incoming callback delivers, or that this frame is. */
  readonly inbound?: InboundRecord | undefined;
}

export interface RuleContext {
  readonly deadlines: Deadlines;
  /** A comparison of module time with host time finds only beyond this, ms. */
  readonly epsilonMs: number;
  readonly features: readonly string[];
  /** All that the module did until then has been read. */
  readonly moduleUntilMs: number;
  /** All that the broker saw until then has been read. */
  readonly hostUntilMs: number;
}

export interface Step<S> {
  /** Undefined closes the slice. */
  readonly state?: S | undefined;
  /** How often the rule's premise was met and decided in this step. */
  readonly exercised?: number;
  /** The clauses that `exercised` counts for; left out: the rule's own. */
  readonly clauses?: readonly string[];
  readonly findings?: readonly RuleFinding[];
  /** Values that nobody specifies, under their clause. */
  readonly observations?: readonly Observation[];
  /** What it measured, each a sample of the measurement of that name. */
  readonly measurements?: readonly Sample[];
  /** Why the scenario proves nothing here: makes it inconclusive. */
  readonly troubles?: readonly string[];
}

export interface Sample {
  readonly name: string;
  readonly unit: string;
  readonly value: number;
}

export interface RuleFinding {
  readonly message: string;
  /** Numbers (`n`) of the events that prove it, in order. */
  readonly events: readonly number[];
  /** Left out: the rule's own. */
  readonly clause?: string;
}

/** Types a rule without writing its parameters out. */
export function rule<S, T extends Topic>(definition: Rule<S, T>): Rule<S, T> {
  return definition;
}

/** These topics, each with these clauses; without any, they decide nothing. */
export function spare(topics: readonly Topic[], ...clauses: readonly string[]): readonly Spared[] {
  return topics.map((topic) => ({ topic, clauses }));
}
