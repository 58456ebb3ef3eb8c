import { asError } from '../errors.ts';
import type { EventKind, EventOf } from '../timeline/events.ts';
import type { ExpectationRule } from './expectations/expectation.ts';
import type { RuleContext, Seen, Step } from './rule.ts';
import type { Judging, Sink } from './sink.ts';
import { UNCHANGED } from './step.ts';
import { isOfModule } from './topic.ts';

/** One expectation: a rule with a single slice and no deadline. A timeline may hold as many as calls, so that it is light. */
export class ExpectationRunner {
  readonly #event: EventOf<'expect'>;
  readonly #rule: ExpectationRule;
  readonly #sink: Sink;
  #state: unknown;
  #isOpen = true;

  constructor(event: EventOf<'expect'>, rule: ExpectationRule, sink: Sink) {
    this.#event = event;
    this.#rule = rule;
    this.#sink = sink;
    this.#state = rule.start;
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  get on(): readonly EventKind[] {
    return this.#rule.on;
  }

  /** The call that it is about. */
  get token(): number | undefined {
    return this.#rule.token;
  }

  see(seen: Seen, context: RuleContext): void {
    if (!this.#isOpen || !this.#rule.on.includes(seen.event.k)) return;
    try {
      const step = this.#rule.step(this.#state, seen, context);
      if (step === UNCHANGED) return;
      this.#state = step.state;
      this.#isOpen = step.state !== undefined;
      this.#report(step);
    } catch (thrown) {
      this.#broke(thrown);
    }
  }

  /** The module has started again. */
  forget(): void {
    if (this.#rule.on.some(isOfModule)) this.#isOpen = false;
  }

  /** The timeline has ended, or it is time to decide. */
  end(context: RuleContext): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    try {
      this.#report(this.#rule.end(this.#state, context));
    } catch (thrown) {
      this.#broke(thrown);
    }
  }

  #report({ exercised = 0, findings, troubles }: Step<unknown>): void {
    if (exercised > 0) this.#sink.exercised(this.#judging(), exercised);
    if (findings !== undefined) for (const finding of findings) this.#sink.found(this.#judging(), finding);
    if (troubles !== undefined) for (const trouble of troubles) this.#sink.trouble(trouble);
  }

  #broke(thrown: unknown): void {
    this.#sink.bug(`${this.#judging().id}: ${asError(thrown).message}`);
  }

  #judging(): Judging {
    return { id: idOf(this.#event.predicate), clause: this.#event.clause };
  }
}

/** A text that is put together anew each time must be hashed anew to be counted. */
const ids = new Map<string, string>();

function idOf(predicate: string): string {
  const known = ids.get(predicate);
  if (known !== undefined) return known;
  const id = `expect:${predicate}`;
  ids.set(predicate, id);
  return id;
}
