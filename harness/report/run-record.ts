import type { ExitCode } from '../run/exit-code.ts';
import type {
  Attempt,
  ClauseKind,
  Finding,
  Measurement,
  Observation,
  OutcomeName,
  ScenarioOutcome,
} from '../run/outcome.ts';
import type { ReviewedKnownFailure } from '../run/review-known-failures.ts';
import type { ModuleIdentity } from '../timeline/events.ts';

/** What a run found: `run.json`. Every report is a function of it and of the timelines beside it (docs/results.md). */
export interface RunRecord {
  readonly schema: 'qlhil-run/1';
  readonly module: ModuleIdentity;
  /** Modules of that kind that shared the work. */
  readonly lanes: readonly RecordedLane[];
  readonly host: { readonly platform: string; readonly node: string };
  readonly harness: { readonly version: string; readonly commit: string | null };
  /** The command line that does it again. */
  readonly command: readonly string[];
  readonly seed: number;
  readonly strict: boolean;
  /** ISO 8601. */
  readonly started: string;
  readonly ended: string;
  readonly outcomes: readonly RecordedOutcome[];
  /** Selected, but without an outcome. */
  readonly notRun: readonly { readonly scenario: string; readonly why: string }[];
  /** What broke, and no scenario's outcome tells of it. */
  readonly problems: readonly Problem[];
  /** Those that speak of this module, and what became of them. */
  readonly knownFailures: readonly ReviewedKnownFailure[];
  readonly coverage: readonly ClauseCoverage[];
  readonly rules: readonly RuleCoverage[];
  readonly observations: readonly RecordedObservation[];
  readonly measurements: readonly RecordedMeasurement[];
  /** What the observations were held against; null if there was nothing. */
  readonly baseline: RecordedBaseline | null;
  /** Observations that are not what the baseline has. */
  readonly changes: readonly ObservationChange[];
  /** Whether changes fail. */
  readonly failOnChange: boolean;
  readonly totals: Totals;
  readonly exitCode: ExitCode;
}

export interface RecordedLane {
  readonly lane: number;
  readonly spec: string;
  readonly imei: string | null;
}

/** The scenario of an outcome that tells of a start after the last one of the suite. No file has it. */
export const AFTER_LAST_SCENARIO = 'run/after-the-last-scenario';

export type RecordedOutcome = Omit<
  ScenarioOutcome,
  'module' | 'exercised' | 'clausesExercised' | 'observations' | 'measurements' | 'attempts'
> & { readonly attempts: readonly Attempt[] };

/** A bug of the harness (exit 4). */
export interface Problem {
  readonly where: string;
  readonly message: string;
}

/** A normative sentence, as far as reports show it. */
export interface ClauseText {
  readonly id: string;
  readonly source: string;
  readonly says: string;
  readonly kind: ClauseKind;
  /** How far a number observed under it may be from another and still be the same, as a share of it; left out: not at all. */
  readonly tolerance?: number;
}

export interface ClauseCoverage {
  readonly clause: string;
  readonly kind: ClauseKind;
  /** Where it is written, and what it says in our words; empty for a clause that only a user's own scenario knows. */
  readonly source: string;
  readonly says: string;
  /** As the clause states it, if it does. */
  readonly tolerance?: number;
  /** How often its premise was met. */
  readonly exercised: number;
  /** How many findings cite it. */
  readonly violated: number;
}

export interface RuleCoverage {
  readonly rule: string;
  readonly exercised: number;
  readonly found: number;
}

export interface RecordedObservation extends Observation {
  readonly scenario: string;
}

export type ObservedValue = Observation['value'];

/** A characterised value, by clause and name, that is not what it was. */
export interface ObservationChange {
  readonly clause: string;
  readonly name: string;
  readonly old: readonly ObservedValue[];
  readonly new: readonly ObservedValue[];
  /** Where a value was seen that was not known. */
  readonly scenarios: readonly string[];
}

export interface RecordedBaseline {
  readonly path: string;
  /** Of the run that was accepted. */
  readonly revision: string;
  readonly started: string;
}

export interface RecordedMeasurement extends Measurement {
  /** Whose the samples are: so many of the first scenario, then so many of the next. */
  readonly scenarios: readonly { readonly scenario: string; readonly samples: number }[];
}

export interface Totals {
  readonly scenarios: number;
  readonly pass: number;
  readonly fail: number;
  readonly inconclusive: number;
  readonly knownFailure: number;
  readonly skipped: number;
  readonly notRun: number;
  /** Findings of inferred clauses. */
  readonly deviations: number;
  /** Scenarios that took more than one attempt and did not end the same each time. */
  readonly flaky: number;
}

export const TOTAL_OF: Readonly<Record<OutcomeName, 'pass' | 'fail' | 'inconclusive' | 'knownFailure' | 'skipped'>> = {
  pass: 'pass',
  fail: 'fail',
  inconclusive: 'inconclusive',
  'known-failure': 'knownFailure',
  skipped: 'skipped',
};

/** A finding that is shown beside failures and fails a run only with `--strict`. */
export function isDeviation(finding: Finding): boolean {
  return finding.kind === 'inferred';
}
