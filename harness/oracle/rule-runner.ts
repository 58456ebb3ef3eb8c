import { asError } from '../errors.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import type { AnyRule, Key, RuleContext, Seen, Step } from './rule.ts';
import type { Sink } from './sink.ts';
import { SmallMap } from './small-map.ts';
import { KEPT, STILL_KEPT, UNCHANGED, UNDECIDED } from './step.ts';
import { isOfModule, type Topic } from './topic.ts';

/** More open slices than this no rule has use for: what the oldest waits for has no bearing any more. */
const SLICES_KEPT = 10_000;

/** All members that a rule may have: V8 calls a method at once only where all objects have the same ones in the same order. */
const SHAPE: object = {
  id: undefined,
  clause: undefined,
  also: undefined,
  says: undefined,
  on: undefined,
  opens: undefined,
  spared: undefined,
  key: undefined,
  step: undefined,
  deadline: undefined,
  expire: undefined,
  end: undefined,
};

/** The one slice of a rule that has no key. */
const WHOLE = 0;

/** `expire` of that slice is due then. */
export interface Due {
  readonly runner: RuleRunner;
  readonly key: Key;
  readonly dueMs: number;
}

/** What is due as the host's clock goes on, and what once the module has been heard beyond it. */
export interface Dues {
  readonly host: DeadlineQueue<Due>;
  readonly module: DeadlineQueue<Due>;
}

interface Slice {
  state: unknown;
  /** The deadline that is in the queue: one at a time, however often the slice is stepped and its deadline put off. */
  askedMs: number | undefined;
}

/** One rule with its open slices. */
export class RuleRunner {
  readonly rule: AnyRule;
  readonly on: readonly Topic[];
  readonly opens: readonly Topic[] | undefined;
  readonly spared: readonly Topic[];
  /** Whether silence proves something only once the module has been heard beyond it. */
  readonly readsModule: boolean;
  readonly #sink: Sink;
  readonly #dues: DeadlineQueue<Due>;
  readonly #slices = new SmallMap<Key, Slice>();
  /** Counted here and handed over at the end: most steps do no more than count. */
  #times = 0;
  #ofOwnClause = 0;
  readonly #ofClauses = new Map<string, number>();

  constructor(rule: AnyRule, sink: Sink, dues: Dues) {
    this.rule = Object.assign({ ...SHAPE }, rule);
    this.on = rule.on;
    this.opens = rule.opens;
    this.spared = (rule.spared ?? []).map(({ topic }) => topic);
    this.#sink = sink;
    this.readsModule = rule.on.some(isOfModule);
    this.#dues = this.readsModule ? dues.module : dues.host;
  }

  /** Whether any slice is open. */
  get isOpen(): boolean {
    return this.#slices.size > 0;
  }

  see(seen: Seen, context: RuleContext): void {
    const { rule } = this;
    try {
      const key = rule.key === undefined ? WHOLE : rule.key(seen, context);
      if (key === undefined) return;
      const slice = this.#slices.get(key);
      this.#take(key, slice, rule.step(slice?.state, seen, context));
    } catch (thrown) {
      this.#broke(thrown);
    }
  }

  /** A deadline that this runner asked for has passed; the slice may have moved on since. */
  expire(key: Key, dueMs: number, context: RuleContext): void {
    const slice = this.#slices.get(key);
    if (slice === undefined || slice.askedMs !== dueMs) return;
    slice.askedMs = undefined;
    try {
      if (this.rule.expire === undefined) return;
      if (this.rule.deadline?.(slice.state) === dueMs) this.#take(key, slice, this.rule.expire(slice.state, context));
      else this.#ask(key, slice);
    } catch (thrown) {
      this.#broke(thrown);
    }
  }

  /** `passed` tells how many events of a topic there were that this rule was spared. */
  end(context: RuleContext, passed: (topic: Topic) => number): void {
    for (const { topic, clauses } of this.rule.spared ?? [])
      if (clauses.length > 0) this.#count(passed(topic), clauses);
    for (const [key, slice] of this.#slices.entries()) {
      try {
        if (this.rule.end !== undefined) this.#take(key, slice, this.rule.end(slice.state, context));
      } catch (thrown) {
        this.#broke(thrown);
      }
    }
    this.#slices.clear();
    if (this.#ofOwnClause > 0) count(this.#ofClauses, this.rule.clause, this.#ofOwnClause);
    if (this.#times > 0) this.#sink.exercised(this.rule, this.#times, this.#ofClauses);
  }

  /** The module has started again: what was open says nothing any more. */
  forget(): void {
    if (this.readsModule) this.#slices.clear();
  }

  #take(key: Key, slice: Slice | undefined, step: Step<unknown>): void {
    if (step === UNCHANGED) return;
    if (step === STILL_KEPT) return this.#count(1, undefined);
    const { state } = step;
    if (state !== slice?.state) this.#keep(key, slice, state);
    if (step === UNDECIDED) return;
    if (step === KEPT) return this.#count(1, undefined);
    const { exercised, findings, observations, measurements, troubles } = step;
    if (exercised !== undefined) this.#count(exercised, step.clauses);
    if (findings !== undefined) for (const finding of findings) this.#sink.found(this.rule, finding);
    if (observations !== undefined) for (const observation of observations) this.#sink.observed(observation);
    if (measurements !== undefined) for (const sample of measurements) this.#sink.measured(sample);
    if (troubles !== undefined) for (const trouble of troubles) this.#sink.trouble(trouble);
  }

  #count(times: number, clauses: readonly string[] | undefined): void {
    if (times === 0) return;
    this.#times += times;
    if (clauses === undefined) this.#ofOwnClause += times;
    else for (const clause of clauses) count(this.#ofClauses, clause, times);
  }

  #keep(key: Key, slice: Slice | undefined, state: unknown): void {
    if (state === undefined) this.#slices.delete(key);
    else if (slice === undefined) this.#ask(key, this.#open(key, state));
    else {
      slice.state = state;
      this.#ask(key, slice);
    }
  }

  #open(key: Key, state: unknown): Slice {
    const slice = { state, askedMs: undefined };
    this.#slices.set(key, slice);
    if (this.#slices.size > SLICES_KEPT) this.#slices.takeOldest();
    return slice;
  }

  #ask(key: Key, slice: Slice): void {
    const dueMs = this.rule.deadline?.(slice.state);
    // Once an earlier one has passed, the deadline is looked at again.
    if (dueMs === undefined || (slice.askedMs !== undefined && slice.askedMs <= dueMs)) return;
    slice.askedMs = dueMs;
    this.#dues.add({ runner: this, key, dueMs });
  }

  #broke(thrown: unknown): void {
    this.#sink.bug(`rule ${this.rule.id}: ${asError(thrown).message}`);
  }
}

function count(counts: Map<string, number>, clause: string, times: number): void {
  counts.set(clause, (counts.get(clause) ?? 0) + times);
}
