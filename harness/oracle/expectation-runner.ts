import { asError } from '../errors.ts';
import type { ExpectationRule } from './expectations/expectation.ts';
import type { RuleContext, Seen, Step } from './rule.ts';
import { readsModule, type Sink } from './rule-runner.ts';

/** One expectation: a rule with a single slice and no deadline. A timeline may hold as many as calls, so that it is light. */
export class ExpectationRunner {
  readonly #rule: ExpectationRule;
  readonly #sink: Sink;
  #state: unknown;
  #isOpen = true;

  constructor(rule: ExpectationRule, sink: Sink) {
    this.#rule = rule;
    this.#sink = sink;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  see(seen: Seen, context: RuleContext): void {
    if (!this.#isOpen || !this.#rule.on.includes(seen.event.k)) return;
    this.#guarded(() => this.#take(this.#rule.step(this.#state, seen, context)));
  }

  /** The module has started again. */
  forget(): void {
    if (readsModule(this.#rule)) this.#isOpen = false;
  }

  /** The timeline has ended, or it is time to decide. */
  end(context: RuleContext): void {
    const { end } = this.#rule;
    if (!this.#isOpen) return;
    this.#isOpen = false;
    if (end !== undefined) this.#guarded(() => this.#report(end(this.#state, context)));
  }

  #take(step: Step<unknown>): void {
    this.#state = step.state;
    this.#isOpen = step.state !== undefined;
    this.#report(step);
  }

  #report({ exercised = 0, findings, troubles }: Step<unknown>): void {
    if (exercised > 0) this.#sink.exercised(this.#rule, exercised, new Map([[this.#rule.clause, exercised]]));
    if (findings !== undefined) for (const finding of findings) this.#sink.found(this.#rule, finding);
    if (troubles !== undefined) for (const trouble of troubles) this.#sink.trouble(trouble);
  }

  #guarded(work: () => void): void {
    try {
      work();
    } catch (thrown) {
      this.#sink.bug(`${this.#rule.id}: ${asError(thrown).message}`);
    }
  }
}
