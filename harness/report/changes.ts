import type { ClauseKind } from '../run/outcome.ts';

/**
 * What changed since the baseline, as far as the page shows it: the input of its section of that name.
 *
 * A comparison of two runs may carry more; what has these members fits as it is.
 */
export interface Changes {
  readonly old: ComparedWith;
  /** Failed now, and not before. */
  readonly newFailures: readonly ChangedFinding[];
  /** Found before, and no longer. */
  readonly fixed: readonly ChangedFinding[];
  /** Characterised values that are not what they were. */
  readonly changed: readonly ChangedObservation[];
  /** Deviations that were not there before. */
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

export interface ChangedFinding {
  readonly clause: string;
  readonly rules: readonly string[];
  readonly kind: ClauseKind;
  readonly message: string;
  readonly scenarios: readonly string[];
}

export interface ChangedObservation {
  readonly clause: string;
  readonly name: string;
  readonly old: readonly ObservedValue[];
  readonly new: readonly ObservedValue[];
  readonly scenarios: readonly string[];
}

export type ObservedValue = string | number | boolean;

export interface ShiftedLatency {
  readonly name: string;
  readonly unit: string;
  readonly oldMedian: number;
  readonly newMedian: number;
  /** New minus old, in `unit`. */
  readonly shift: number;
  /** The shift lies in here with the confidence of the test. */
  readonly interval: readonly [number, number];
  /** That nothing has shifted, corrected for the number of measurements. */
  readonly pValue: number;
  /** Scenarios that measured it in both runs. */
  readonly pairs: number;
}
