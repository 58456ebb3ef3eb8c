import type { ClauseKind } from '../run/outcome.ts';
import type { ObservationChange } from './run-record.ts';

/** What changed since the baseline, as far as reports show it; a comparison of two runs carries more. */
export interface Changes {
  readonly old: ComparedWith;
  /** Failed now, and not before: whether the scenario passed then, came to no verdict, or was not there. */
  readonly newFailures: readonly ChangedFinding[];
  /** Found before, and no longer, although the same scenario ran and its clause was exercised. */
  readonly fixed: readonly ChangedFinding[];
  /** Characterised values that are not what they were. */
  readonly changed: readonly ObservationChange[];
  /** Deviations from inferred clauses that were not there before. */
  readonly deviations: readonly ChangedFinding[];
  readonly latency: readonly ShiftedLatency[];
}

export interface ComparedWith {
  readonly kind: 'run' | 'baseline';
  readonly sku: string;
  readonly revision: string;
  /** ISO 8601. */
  readonly started: string;
}

/** What breaks one clause, in however many scenarios and by however many rules. */
export interface ChangedFinding {
  readonly clause: string;
  /** Those that found it. */
  readonly rules: readonly string[];
  readonly kind: ClauseKind;
  /** Of the first finding. */
  readonly message: string;
  readonly scenarios: readonly string[];
}

/** A measurement that takes longer, or less long, than the run as a whole would explain. */
export interface ShiftedLatency {
  readonly name: string;
  readonly unit: string;
  /** Medians over the scenarios that measured it in both runs. */
  readonly oldMedian: number;
  readonly newMedian: number;
  /** New minus old, in `unit`: the Hodges-Lehmann estimate, with the common pace taken out or left in, whichever says less. */
  readonly shift: number;
  /** The shift lies in here with the confidence of the test. */
  readonly interval: readonly [number, number];
  /** That nothing has shifted, corrected for the number of measurements. */
  readonly pValue: number;
  /** Scenarios that measured it in both runs. */
  readonly pairs: number;
}
