import type { ModuleIdentity } from '../timeline/events.ts';

/** How a scenario ended. `known-failure` and `skipped` say why; see docs/results.md. */
export type OutcomeName = 'pass' | 'fail' | 'inconclusive' | 'known-failure' | 'skipped';

export type ClauseKind = 'specified' | 'inferred' | 'characterised';

export interface Finding {
  /** A rule's id, or `expect:<predicate>`. */
  readonly rule: string;
  readonly clause: string;
  readonly kind: ClauseKind;
  readonly message: string;
  /** Event numbers in the timeline that prove it. */
  readonly events: readonly number[];
}

export interface Attempt {
  readonly attempt: number;
  readonly outcome: OutcomeName;
  readonly durationMs: number;
  /** Path of the timeline, relative to the run's folder. */
  readonly timeline: string;
  readonly findings: readonly Finding[];
  /** Why it is inconclusive or skipped. */
  readonly why?: string;
}

/** One line of `outcomes.<worker>.ndjson`: a finished scenario on one module. */
export interface ScenarioOutcome {
  readonly scenario: string;
  readonly title: string;
  readonly file: string;
  readonly clauses: readonly string[];
  /** Which lane of the plan ran it. */
  readonly lane: number;
  readonly module: ModuleIdentity;
  readonly outcome: OutcomeName;
  readonly attempts: readonly Attempt[];
  readonly durationMs: number;
  readonly findings: readonly Finding[];
  /** How often each rule's premise was met, by rule id: all rules, zeros included. */
  readonly exercised: Readonly<Record<string, number>>;
  /** The same by clause; clauses of expectations included. */
  readonly clausesExercised: Readonly<Record<string, number>>;
  readonly observations: readonly Observation[];
  readonly measurements: readonly Measurement[];
  /** A missing capability, when skipped. */
  readonly missing?: string;
  readonly why?: string;
  /** Time inside recorded waits, ms. */
  readonly waitedMs: number;
}

export interface Observation {
  readonly clause: string;
  readonly name: string;
  readonly value: string | number | boolean;
}

export interface Measurement {
  readonly name: string;
  readonly unit: string;
  readonly samples: readonly number[];
}
