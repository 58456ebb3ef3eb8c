import type { ClauseKind } from '../run/outcome.ts';
import type { TimelineEvent, TimelineHeader } from '../timeline/events.ts';
import { DeadlineQueue } from './deadline-queue.ts';
import { ExpectationRunner } from './expectation-runner.ts';
import { expectationRule } from './expectations/expectation-rule.ts';
import { History, REACH } from './history.ts';
import { Ledger } from './ledger.ts';
import { Narrator } from './narrator/narrator.ts';
import { OpenExpectations } from './open-expectations.ts';
import type { Relation } from './relations/relation.ts';
import { Routes } from './routes.ts';
import type { AnyRule, RuleContext } from './rule.ts';
import { type Due, type Dues, RuleRunner } from './rule-runner.ts';
import type { Sink } from './sink.ts';
import { Situations } from './situations.ts';
import type { Verdict } from './verdict.ts';

/** Reads a timeline, event by event, and says at the end what it proves. */
export interface Judge {
  see(event: TimelineEvent): void;
  /** What was found until now is left out of the verdict; what is known stays. */
  dropFindings(): void;
  end(): Verdict;
}

export interface JudgeOptions {
  /** Breaches of inferred clauses fail too. */
  readonly strict?: boolean;
  /** Whether what the scenario expects is judged too; it is if left out. */
  readonly expectations?: boolean;
  /** The relations that situations are held to. */
  readonly relations?: readonly Relation[];
}

/**
 * Opens a judge for one timeline.
 *
 * `clauseKind` tells how binding a clause is; a clause that it does not know counts as specified.
 */
export function createJudge(
  header: TimelineHeader,
  rules: readonly AnyRule[],
  clauseKind: (clause: string) => ClauseKind | undefined,
  options: JudgeOptions = {},
): Judge {
  return new StreamingJudge(header, rules, clauseKind, options);
}

class StreamingJudge implements Judge {
  readonly #narrator = new Narrator();
  readonly #ledger: Ledger;
  readonly #strict: boolean;
  readonly #judgesExpectations: boolean;
  readonly #runners: readonly RuleRunner[];
  readonly #routes: Routes<RuleRunner>;
  readonly #dues: Dues = { host: new DeadlineQueue(), module: new DeadlineQueue() };
  readonly #expectations = new OpenExpectations((token) => this.#narrator.knows(token));
  readonly #history = new History();
  readonly #situations: Situations;
  readonly #context: { -readonly [K in keyof RuleContext]: RuleContext[K] };
  readonly #sink: Sink;

  constructor(
    header: TimelineHeader,
    rules: readonly AnyRule[],
    clauseKind: (clause: string) => ClauseKind | undefined,
    { strict = false, relations = [], expectations = true }: JudgeOptions,
  ) {
    this.#strict = strict;
    this.#judgesExpectations = expectations;
    const ledger = new Ledger([...rules, ...relations], clauseKind);
    this.#ledger = ledger;
    this.#context = {
      deadlines: header.deadlines,
      epsilonMs: header.epsilonMs,
      features: header.module.features,
      moduleUntilMs: Number.NEGATIVE_INFINITY,
      hostUntilMs: Number.NEGATIVE_INFINITY,
    };
    this.#sink = {
      exercised: (rule, times, clauses) => ledger.exercise(rule, times, clauses),
      found: (rule, finding) => ledger.find(rule, finding),
      observed: (observation) => ledger.observe(observation),
      measured: (sample) => ledger.measure(sample),
      trouble: (what) => ledger.trouble(what),
      bug: (what) => ledger.bug(what),
    };
    this.#runners = rules.map((rule) => new RuleRunner(rule, this.#sink, this.#dues));
    this.#routes = new Routes(this.#runners);
    this.#situations = new Situations(relations, {
      compared: (relation) => ledger.exercise(relation, 1),
      differs: (relation, message, events) => ledger.find(relation, { message, events }),
      trouble: (what) => ledger.trouble(what),
    });
  }

  see(event: TimelineEvent): void {
    this.#advance(event);
    this.#ledger.note(event);
    const seen = this.#narrator.see(event);
    for (const { subscriber: runner, isOpening } of this.#routes.of(seen))
      if (isOpening || runner.isOpen) runner.see(seen, this.#context);
    this.#expectations.see(seen, this.#context);
    this.#situations.see(seen);
    if (event.k === 'boot' || event.k === 'reset') this.#forgetModule();
    if (event.k === 'expect') this.#expect(event);
    else this.#history.add(seen);
  }

  dropFindings(): void {
    this.#ledger.dropFindings();
  }

  end(): Verdict {
    for (const runner of this.#runners) runner.end(this.#context, (topic) => this.#routes.passed(topic));
    this.#expectations.end(this.#context);
    this.#situations.end();
    this.#ledger.close();
    const { findings, exercised, clausesExercised, observations, measurements, troubles, bugs, waitedMs } =
      this.#ledger;
    const outcome = this.#outcome();
    const [why] = troubles;
    return {
      outcome,
      ...(outcome === 'inconclusive' && why !== undefined ? { why } : {}),
      findings,
      exercised,
      clausesExercised,
      observations,
      measurements,
      troubles,
      bugs,
      waitedMs,
    };
  }

  #outcome(): Verdict['outcome'] {
    const { findings, troubles, hasOverflown } = this.#ledger;
    // A finding may rest on an event that was lost.
    if (hasOverflown) return 'inconclusive';
    const failing = findings.some(({ kind }) => kind === 'specified' || (kind === 'inferred' && this.#strict));
    if (failing) return 'fail';
    return troubles.length > 0 ? 'inconclusive' : 'pass';
  }

  /** Time has come as far as this event; what was due before has passed without what was waited for. */
  #advance(event: TimelineEvent): void {
    const context = this.#context;
    if (event.k === 'clock') context.epsilonMs = event.epsilonMs;
    const heardMs = event.src === 'module' ? event.heard : event.at;
    context.hostUntilMs = Math.max(context.hostUntilMs, heardMs);
    if (event.src === 'module' || event.k === 'sync') context.moduleUntilMs = Math.max(context.moduleUntilMs, event.at);
    const { host, module } = this.#dues;
    if (host.hasBefore(context.hostUntilMs)) this.#expire(host, context.hostUntilMs);
    const moduleUntilMs = context.moduleUntilMs - context.epsilonMs;
    if (module.hasBefore(moduleUntilMs)) this.#expire(module, moduleUntilMs);
  }

  #expire(queue: DeadlineQueue<Due>, untilMs: number): void {
    for (let due = queue.popBefore(untilMs); due !== undefined; due = queue.popBefore(untilMs)) {
      due.runner.expire(due.key, due.dueMs, this.#context);
    }
  }

  #forgetModule(): void {
    for (const runner of this.#runners) runner.forget();
    this.#expectations.forget();
  }

  #expect(event: Extract<TimelineEvent, { readonly k: 'expect' }>): void {
    if (!this.#judgesExpectations) return;
    const rule = expectationRule(event);
    if (rule === undefined) {
      this.#ledger.bug(`expectation ${event.predicate} of event ${event.n} is unknown or malformed`);
      return;
    }
    const runner = new ExpectationRunner(event, rule, this.#sink);
    const { token, on } = rule;
    if (token === undefined && this.#history.isCut)
      this.#ledger.trouble(
        `expectation ${event.predicate} of event ${event.n} looks back over more than ${REACH} packets and callbacks: state it before what it is about`,
      );
    const past = token === undefined ? this.#history.of(on) : this.#narrator.eventsOf(token, on);
    for (const seen of past) runner.see(seen, this.#context);
    if (runner.isOpen && !this.#expectations.add(runner, this.#context))
      this.#ledger.trouble(`expectation ${event.predicate} of event ${event.n} is one too many`);
  }
}
