import { asError } from '../errors.ts';
import type { Observation } from '../run/outcome.ts';
import type { EventKind } from '../timeline/events.ts';
import type { AnyRule, RuleContext, RuleFinding, Sample, Seen, Step } from './rule.ts';

/** What a step of a rule adds to the verdict. */
export interface Sink {
  exercised(rule: AnyRule, times: number, clauses: readonly string[]): void;
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

/** One rule with its open slices. */
export class RuleRunner {
  readonly rule: AnyRule;
  /** Whether silence proves something only once the module has been heard beyond it. */
  readonly readsModule: boolean;
  readonly #sink: Sink;
  readonly #slices = new Map<string, unknown>();
  /** The deadline last asked for, by slice: asked for once, however often the slice is stepped. */
  readonly #dues = new Map<string, number>();

  constructor(rule: AnyRule, sink: Sink) {
    this.rule = rule;
    this.#sink = sink;
    this.readsModule = rule.on.some((kind) => MODULE_KINDS.has(kind));
  }

  see(seen: Seen, context: RuleContext): void {
    this.#guarded(() => {
      const key = this.rule.key(seen, context);
      if (key !== undefined) this.#take(key, this.rule.step(this.#slices.get(key), seen, context));
    });
  }

  /** A deadline that this runner asked for has passed; the slice may have moved on since. */
  expire(key: string, dueMs: number, context: RuleContext): void {
    this.#guarded(() => {
      const state = this.#slices.get(key);
      if (state === undefined || this.rule.expire === undefined) return;
      if (this.rule.deadline?.(state) !== dueMs) return;
      this.#take(key, this.rule.expire(state, context));
    });
  }

  end(context: RuleContext): void {
    for (const [key, state] of this.#slices) {
      this.#guarded(() => {
        if (this.rule.end !== undefined) this.#take(key, this.rule.end(state, context));
      });
    }
    this.#slices.clear();
    this.#dues.clear();
  }

  /** The module has started again: what was open says nothing any more. */
  forget(): void {
    if (!this.readsModule) return;
    this.#slices.clear();
    this.#dues.clear();
  }

  #take(key: string, step: Step<unknown>): void {
    const {
      state,
      exercised = 0,
      clauses = [this.rule.clause],
      findings = [],
      observations = [],
      measurements = [],
      troubles = [],
    } = step;
    this.#keep(key, state);
    if (exercised > 0) this.#sink.exercised(this.rule, exercised, clauses);
    for (const finding of findings) this.#sink.found(this.rule, finding);
    for (const observation of observations) this.#sink.observed(observation);
    for (const sample of measurements) this.#sink.measured(sample);
    for (const trouble of troubles) this.#sink.trouble(trouble);
  }

  #keep(key: string, state: unknown): void {
    if (state === undefined) {
      this.#slices.delete(key);
      this.#dues.delete(key);
      return;
    }
    this.#slices.set(key, state);
    const dueMs = this.rule.deadline?.(state);
    if (dueMs === undefined || dueMs === this.#dues.get(key)) return;
    this.#dues.set(key, dueMs);
    this.#sink.due(this, key, dueMs);
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#sink.bug(`rule ${this.rule.id}: ${asError(thrown).message}`);
    }
  }
}
