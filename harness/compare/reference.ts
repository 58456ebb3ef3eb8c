import type {
  ClauseCoverage,
  RecordedMeasurement,
  RecordedObservation,
  RecordedOutcome,
} from '../report/run-record.ts';
import type { ClauseKind, Observation } from '../run/outcome.ts';
import type { ComparedSide } from './comparison.ts';

/** What a run is held against: another run, or a baseline. */
export interface Reference {
  readonly side: ComparedSide;
  readonly findings: readonly ReferenceFinding[];
  readonly observations: readonly (Observation & { readonly scenario?: string })[];
  /** Only a run has these: a baseline does not know what passed, nor how long it took. */
  readonly run?: {
    readonly outcomes: readonly RecordedOutcome[];
    readonly coverage: readonly ClauseCoverage[];
    readonly observations: readonly RecordedObservation[];
    readonly measurements: readonly RecordedMeasurement[];
  };
}

/** A finding that was there before. */
export interface ReferenceFinding {
  readonly rule: string;
  readonly clause: string;
  readonly kind: ClauseKind;
  readonly message: string;
  /** Left out: in whichever scenario. */
  readonly scenario?: string;
}

/** Whether a finding of that rule and clause in that scenario was there before. */
export function isReferred(
  { findings }: Reference,
  wanted: { readonly rule: string; readonly clause: string; readonly scenario: string },
): boolean {
  return findings.some(
    ({ rule, clause, scenario }) =>
      rule === wanted.rule && clause === wanted.clause && (scenario ?? wanted.scenario) === wanted.scenario,
  );
}
