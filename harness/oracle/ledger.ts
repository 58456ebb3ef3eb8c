import type { ClauseKind, Finding, Measurement, Observation } from '../run/outcome.ts';
import type { TimelineEvent } from '../timeline/events.ts';
import type { RuleFinding, Sample } from './rule.ts';
import type { Judging } from './sink.ts';

const FINDINGS_KEPT = 100;
const SAMPLES_KEPT = 100_000;
const OBSERVATIONS_KEPT = 1000;
const NAMES_KEPT = 1000;
const TROUBLES_KEPT = 1000;

/** What has been noted in the course of one timeline: counts, findings, values, troubles. Bounded. */
export class Ledger {
  readonly findings: Finding[] = [];
  readonly troubles: string[] = [];
  readonly bugs: string[] = [];
  readonly observations: Observation[] = [];
  waitedMs = 0;
  hasEnded = false;
  /** Lost events void every verdict. */
  hasOverflown = false;
  readonly #exercised = new Map<string, number>();
  readonly #clauses = new Map<string, number>();
  readonly #foundBy = new Map<string, number>();
  readonly #samples = new Map<string, { readonly unit: string; readonly samples: number[] }>();
  /** Faults and gates that were armed and have not fired. */
  readonly #armed = new Map<string, string>();
  readonly #clauseKind: (id: string) => ClauseKind | undefined;

  constructor(rules: readonly Judging[], clauseKind: (id: string) => ClauseKind | undefined) {
    this.#clauseKind = clauseKind;
    for (const { id } of rules) this.#exercised.set(id, 0);
  }

  /** Left out, `clauses` are its own alone. */
  exercise(rule: Judging, times: number, clauses?: ReadonlyMap<string, number>): void {
    add(this.#exercised, rule.id, times);
    if (clauses === undefined) add(this.#clauses, rule.clause, times);
    else for (const [clause, ofClause] of clauses) add(this.#clauses, clause, ofClause);
  }

  find(rule: Judging, { message, events, clause = rule.clause }: RuleFinding): void {
    add(this.#foundBy, rule.id, 1);
    if ((this.#foundBy.get(rule.id) ?? 0) > FINDINGS_KEPT) return;
    // A clause that nobody knows must not pass for a harmless one.
    const kind = this.#clauseKind(clause) ?? 'specified';
    this.findings.push({ rule: rule.id, clause, kind, message, events });
  }

  dropFindings(): void {
    this.findings.length = 0;
    this.#foundBy.clear();
  }

  trouble(what: string): void {
    if (this.troubles.length < TROUBLES_KEPT && !this.troubles.includes(what)) this.troubles.push(what);
  }

  bug(what: string): void {
    if (this.bugs.length < TROUBLES_KEPT) this.bugs.push(what);
  }

  /** A value is noted once, however often it is seen. */
  observe(observation: Observation): void {
    add(this.#clauses, observation.clause, 1);
    const isKnown = this.observations.some(({ clause, name, value }) => {
      return clause === observation.clause && name === observation.name && value === observation.value;
    });
    if (!isKnown && this.observations.length < OBSERVATIONS_KEPT) this.observations.push(observation);
  }

  measure({ name, unit, value }: Sample): void {
    const known = this.#samples.get(name);
    if (known !== undefined) {
      if (known.samples.length < SAMPLES_KEPT) known.samples.push(value);
    } else if (this.#samples.size < NAMES_KEPT) this.#samples.set(name, { unit, samples: [value] });
  }

  note(event: TimelineEvent): void {
    switch (event.k) {
      case 'observe':
        return this.observe({ clause: event.clause, name: event.name, value: event.value });
      case 'measure':
        return this.measure(event);
      case 'wait':
        this.waitedMs += event.takenMs;
        return;
      case 'trouble':
        return this.trouble(event.what);
      case 'overflow':
      case 'lost':
        this.hasOverflown = true;
        return this.trouble(`the module lost events: ${countsOf(event.counts)}`);
      case 'fault':
        return this.#armedOrFired(`fault ${event.fault}`, event.act);
      case 'gate':
        // Counting is no fault: there may be nothing to count.
        if (event.verb !== 'count') this.#armedOrFired(`gate ${event.gate} (${event.verb})`, event.act);
        return;
      case 'phase':
        if (event.phase === 'end') this.hasEnded = true;
        return;
      default:
    }
  }

  /** The timeline is over: what was armed in vain, and whether it is whole. */
  close(): void {
    if (!this.hasEnded) this.trouble('the timeline breaks off before the end of the scenario');
    for (const what of this.#armed.values()) this.trouble(`${what} was armed and never fired`);
    for (const [id, times] of this.#foundBy) if (times > FINDINGS_KEPT) this.#tellMore(id, times - FINDINGS_KEPT);
  }

  get exercised(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#exercised);
  }

  get clausesExercised(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#clauses);
  }

  get measurements(): readonly Measurement[] {
    return [...this.#samples].map(([name, { unit, samples }]) => ({ name, unit, samples }));
  }

  /** The last finding that is listed speaks for those that are not. */
  #tellMore(rule: string, more: number): void {
    const index = this.findings.findLastIndex((finding) => finding.rule === rule);
    const last = this.findings[index];
    if (last !== undefined)
      this.findings[index] = { ...last, message: `${last.message} (and ${more} more of ${rule})` };
  }

  #armedOrFired(what: string, act: string): void {
    if (act === 'armed') this.#armed.set(what, what);
    else if (act === 'fired') this.#armed.delete(what);
  }
}

function add<K>(counts: Map<K, number>, key: K, times: number): void {
  counts.set(key, (counts.get(key) ?? 0) + times);
}

function countsOf(counts: Readonly<Record<string, number>>): string {
  return Object.entries(counts)
    .map(([kind, count]) => `${count} ${kind}`)
    .join(', ');
}
