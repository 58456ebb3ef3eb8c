import type {
  ClauseCoverage,
  RecordedMeasurement,
  RecordedObservation,
  RecordedOutcome,
} from '../report/run-record.ts';
import type { ClauseKind } from '../run/outcome.ts';
import type { Observed } from './compare-observations.ts';
import type { ComparedSide } from './comparison.ts';
import type { FoundIn } from './findings-of.ts';

/** What a run is held against: another run, or a baseline. */
export interface Reference {
  readonly side: ComparedSide;
  readonly findings: readonly ReferenceFinding[];
  readonly observations: readonly Observed[];
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
  readonly isIn: (scenario: string) => boolean;
}

/** Whether a finding of that rule and clause in that scenario was there before. */
export function isReferred({ findings }: Reference, found: FoundIn): boolean {
  return findings.some((finding) => isSame(finding, found));
}

export function isSame({ rule, clause, isIn }: ReferenceFinding, found: FoundIn): boolean {
  return rule === found.rule && clause === found.clause && isIn(found.scenario);
}
