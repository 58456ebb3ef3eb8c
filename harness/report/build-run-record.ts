import type { ExitCode } from '../run/exit-code.ts';
import type { ClauseKind, ScenarioOutcome } from '../run/outcome.ts';
import type { ModuleIdentity } from '../timeline/events.ts';
import {
  type ClauseCoverage,
  type ClauseText,
  isDeviation,
  type Problem,
  type RecordedLane,
  type RecordedMeasurement,
  type RecordedOutcome,
  type RuleCoverage,
  type RunRecord,
  TOTAL_OF,
  type Totals,
} from './run-record.ts';

/** Everything that a run record is made from. */
export interface RunFacts {
  /** What is known of the module when no scenario ran on it. */
  readonly module: ModuleIdentity;
  readonly lanes: readonly string[];
  readonly host: RunRecord['host'];
  readonly harness: RunRecord['harness'];
  readonly command: readonly string[];
  readonly seed: number;
  readonly strict: boolean;
  readonly started: string;
  readonly ended: string;
  readonly outcomes: readonly ScenarioOutcome[];
  readonly notRun: RunRecord['notRun'];
  readonly problems: readonly Problem[];
  readonly knownFailures: RunRecord['knownFailures'];
  /** All clauses, so that one never exercised is seen. */
  readonly clauses: readonly ClauseText[];
  readonly baseline: RunRecord['baseline'];
  readonly failOnChange: boolean;
  /** What is not as the baseline has it. */
  readonly changesOf: (observed: ObservedRun) => RunRecord['changes'];
  readonly exitCodeOf: (totals: Totals, changes: RunRecord['changes']) => ExitCode;
}

/** What a comparison of observations needs of a record. */
export type ObservedRun = Pick<RunRecord, 'outcomes' | 'coverage' | 'observations'>;

/** Derives a run's record. Outcomes come out by scenario, whichever lane was first. */
export function buildRunRecord(facts: RunFacts): RunRecord {
  const { host, harness, command, seed, strict, started, ended, notRun, problems, knownFailures, exitCodeOf } = facts;
  const outcomes = facts.outcomes.toSorted((a, b) => compareText(a.scenario, b.scenario));
  const totals = total(outcomes, notRun.length);
  const observed: ObservedRun = {
    outcomes: outcomes.map(recordOutcome),
    coverage: coverClauses(facts.clauses, outcomes),
    observations: outcomes.flatMap(({ scenario, observations }) =>
      observations.map((observation) => ({ ...observation, scenario })),
    ),
  };
  const changes = facts.changesOf(observed);
  return {
    schema: 'qlhil-run/1',
    module: outcomes.find(hasSpoken)?.module ?? facts.module,
    lanes: facts.lanes.map((spec, index) => recordLane(index + 1, spec, outcomes)),
    host,
    harness,
    command,
    seed,
    strict,
    started,
    ended,
    outcomes: observed.outcomes,
    notRun,
    problems,
    knownFailures,
    coverage: observed.coverage,
    rules: coverRules(outcomes),
    observations: observed.observations,
    measurements: mergeMeasurements(outcomes),
    baseline: facts.baseline,
    changes,
    failOnChange: facts.failOnChange,
    totals,
    exitCode: exitCodeOf(totals, changes),
  };
}

/** A module that could not be reached has no revision. */
function hasSpoken({ module }: ScenarioOutcome): boolean {
  return module.revision !== '';
}

function recordLane(lane: number, spec: string, outcomes: readonly ScenarioOutcome[]): RecordedLane {
  return {
    lane,
    spec,
    imei: outcomes.find((outcome) => outcome.lane === lane && hasSpoken(outcome))?.module.imei ?? null,
  };
}

function recordOutcome(outcome: ScenarioOutcome): RecordedOutcome {
  const { module: _, exercised: __, clausesExercised: ___, observations: ____, measurements: _____, ...rest } = outcome;
  return rest;
}

function coverClauses(known: readonly ClauseText[], outcomes: readonly ScenarioOutcome[]): ClauseCoverage[] {
  const exercised = sumCounts(outcomes.map((outcome) => outcome.clausesExercised));
  const findings = outcomes.flatMap((outcome) => outcome.findings);
  const violated = countBy(findings.map(({ clause }) => clause));
  const texts = new Map(known.map((text) => [text.id, text]));
  const clauses = new Set([...texts.keys(), ...exercised.keys(), ...violated.keys()]);
  return [...clauses].map((clause) =>
    coverClause(clause, texts.get(clause), {
      kind: findings.find((finding) => finding.clause === clause)?.kind,
      exercised: exercised.get(clause) ?? 0,
      violated: violated.get(clause) ?? 0,
    }),
  );
}

interface ClauseCounts {
  /** As findings have it. */
  readonly kind: ClauseKind | undefined;
  readonly exercised: number;
  readonly violated: number;
}

function coverClause(clause: string, text: ClauseText | undefined, counts: ClauseCounts): ClauseCoverage {
  return {
    clause,
    kind: text?.kind ?? counts.kind ?? 'specified',
    source: text?.source ?? '',
    says: text?.says ?? '',
    ...(text?.tolerance === undefined ? {} : { tolerance: text.tolerance }),
    exercised: counts.exercised,
    violated: counts.violated,
  };
}

function coverRules(outcomes: readonly ScenarioOutcome[]): RuleCoverage[] {
  const exercised = sumCounts(outcomes.map((outcome) => outcome.exercised));
  const found = countBy(outcomes.flatMap(({ findings }) => findings.map(({ rule }) => rule)));
  const rules = [...new Set([...exercised.keys(), ...found.keys()])].toSorted(compareText);
  return rules.map((rule) => ({ rule, exercised: exercised.get(rule) ?? 0, found: found.get(rule) ?? 0 }));
}

interface Merged {
  readonly name: string;
  readonly unit: string;
  readonly samples: number[];
  readonly scenarios: { readonly scenario: string; readonly samples: number }[];
}

function mergeMeasurements(outcomes: readonly ScenarioOutcome[]): RecordedMeasurement[] {
  const all = new Map<string, Merged>();
  for (const { scenario, measurements } of outcomes) {
    for (const { name, unit, samples } of measurements) {
      const key = `${name} ${unit}`;
      const merged = all.get(key) ?? { name, unit, samples: [], scenarios: [] };
      merged.samples.push(...samples);
      merged.scenarios.push({ scenario, samples: samples.length });
      all.set(key, merged);
    }
  }
  return [...all.values()].toSorted((a, b) => compareText(a.name, b.name));
}

function total(outcomes: readonly ScenarioOutcome[], notRun: number): Totals {
  const counts = countBy(outcomes.map(({ outcome }) => TOTAL_OF[outcome]));
  return {
    scenarios: outcomes.length + notRun,
    pass: counts.get('pass') ?? 0,
    fail: counts.get('fail') ?? 0,
    inconclusive: counts.get('inconclusive') ?? 0,
    knownFailure: counts.get('knownFailure') ?? 0,
    skipped: counts.get('skipped') ?? 0,
    notRun,
    deviations: outcomes.flatMap(({ findings }) => findings.filter(isDeviation)).length,
    flaky: countFlaky(outcomes),
  };
}

/** Scenarios whose attempts, over all repeats, did not end the same each time. */
function countFlaky(outcomes: readonly ScenarioOutcome[]): number {
  const endings = new Set(
    outcomes.flatMap(({ scenario, attempts }) => attempts.map(({ outcome }) => `${scenario} ${outcome}`)),
  );
  return (
    endings.size - new Set(outcomes.filter(({ attempts }) => attempts.length > 0).map(({ scenario }) => scenario)).size
  );
}

function sumCounts(records: readonly Readonly<Record<string, number>>[]): Map<string, number> {
  const sums = new Map<string, number>();
  for (const [name, count] of records.flatMap((record) => Object.entries(record))) {
    sums.set(name, (sums.get(name) ?? 0) + count);
  }
  return sums;
}

function countBy<T>(items: readonly T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const item of items) counts.set(item, (counts.get(item) ?? 0) + 1);
  return counts;
}

/** By code point: the same on every machine, whatever its locale. */
function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
