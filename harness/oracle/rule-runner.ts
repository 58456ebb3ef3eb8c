import { asError } from '../errors.ts';
import type { Observation } from '../run/outcome.ts';
import type { EventKind } from '../timeline/events.ts';
import type { AnyRule, RuleContext, RuleFinding, Sample, Seen, Step } from './rule.ts';

/** What a step of a rule adds to the verdict. */
export interface Sink {
  exercised(rule: AnyRule, times: number, clauses: ReadonlyMap<string, number>): void;
  found(rule: AnyRule, finding: RuleFinding): void;
  observed(observation: Observation): void;
  measured(sample: Sample): void;
  trouble(what: string): void;
  /** A rule threw: a bug in the harness, never the module's. */
  bug(what: string): void;
  /** `expire` of that slice is due then. */
  due(runner: RuleRunner, key: string, dueMs: number): void;
}

const MODULE_KINDS: ReadonlySet<EventKind> = new Set<EventKind>([
  'call',
  'ret',
  'enter',
  'leave',
  'reset',
  'at',
  'network',
  'lost',
]);

/** Whether what a rule knows is void once the module has started again. */
export function readsModule(rule: AnyRule): boolean {
  return rule.on.some((kind) => MODULE_KINDS.has(kind));
}

/** More open slices than this no rule has use for: what the oldest waits for has no bearing any more. */
const SLICES_KEPT = 10_000;

/** One rule with its open slices. */
export class RuleRunner {
  readonly rule: AnyRule;
  /** Whether silence proves something only once the module has been heard beyond it. */
  readonly readsModule: boolean;
  readonly #sink: Sink;
  readonly #slices = new Map<string, unknown>();
  /** The deadline last asked for, by slice: asked for once, however often the slice is stepped. */
  readonly #dues = new Map<string, number>();
  /** Counted here and handed over at the end: most steps do no more than count. */
  #times = 0;
  #ofOwnClause = 0;
  readonly #ofClauses = new Map<string, number>();

  constructor(rule: AnyRule, sink: Sink) {
    this.rule = rule;
    this.#sink = sink;
    this.readsModule = readsModule(rule);
  }

  see(seen: Seen, context: RuleContext): void {
    try {
      const key = this.rule.key(seen, context);
      if (key === undefined) return;
      const before = this.#slices.get(key);
      this.#take(key, before, this.rule.step(before, seen, context));
    } catch (thrown) {
      this.#broke(thrown);
    }
  }

  /** A deadline that this runner asked for has passed; the slice may have moved on since. */
  expire(key: string, dueMs: number, context: RuleContext): void {
    try {
      const state = this.#slices.get(key);
      if (state === undefined || this.rule.expire === undefined) return;
      if (this.rule.deadline?.(state) !== dueMs) return;
      this.#take(key, state, this.rule.expire(state, context));
    } catch (thrown) {
      this.#broke(thrown);
    }
  }

  end(context: RuleContext): void {
    for (const [key, state] of this.#slices) {
      try {
        if (this.rule.end !== undefined) this.#take(key, state, this.rule.end(state, context));
      } catch (thrown) {
        this.#broke(thrown);
      }
    }
    this.#slices.clear();
    this.#dues.clear();
    if (this.#ofOwnClause > 0) count(this.#ofClauses, this.rule.clause, this.#ofOwnClause);
    if (this.#times > 0) this.#sink.exercised(this.rule, this.#times, this.#ofClauses);
  }

  /** The module has started again: what was open says nothing any more. */
  forget(): void {
    if (!this.readsModule) return;
    this.#slices.clear();
    this.#dues.clear();
  }

  #take(key: string, before: unknown, step: Step<unknown>): void {
    const { state, exercised, findings, observations, measurements, troubles } = step;
    if (state !== before) this.#keep(key, state);
    if (exercised !== undefined && exercised > 0) this.#count(exercised, step.clauses);
    if (findings !== undefined) for (const finding of findings) this.#sink.found(this.rule, finding);
    if (observations !== undefined) for (const observation of observations) this.#sink.observed(observation);
    if (measurements !== undefined) for (const sample of measurements) this.#sink.measured(sample);
    if (troubles !== undefined) for (const trouble of troubles) this.#sink.trouble(trouble);
  }

  #count(times: number, clauses: readonly string[] | undefined): void {
    this.#times += times;
    if (clauses === undefined) this.#ofOwnClause += times;
    else for (const clause of clauses) count(this.#ofClauses, clause, times);
  }

  #keep(key: string, state: unknown): void {
    if (state === undefined) {
      this.#slices.delete(key);
      this.#dues.delete(key);
      return;
    }
    this.#slices.set(key, state);
    if (this.#slices.size > SLICES_KEPT) this.#forgetOldest();
    const dueMs = this.rule.deadline?.(state);
    if (dueMs === undefined || dueMs === this.#dues.get(key)) return;
    this.#dues.set(key, dueMs);
    this.#sink.due(this, key, dueMs);
  }

  #forgetOldest(): void {
    const [oldest] = this.#slices.keys();
    if (oldest === undefined) return;
    this.#slices.delete(oldest);
    this.#dues.delete(oldest);
  }

  #broke(thrown: unknown): void {
    this.#sink.bug(`rule ${this.rule.id}: ${asError(thrown).message}`);
  }
}

function count(counts: Map<string, number>, clause: string, times: number): void {
  counts.set(clause, (counts.get(clause) ?? 0) + times);
}
