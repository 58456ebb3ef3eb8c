import type { ObservationChange } from '../report/run-record.ts';
import type { ClauseKind, OutcomeName } from '../run/outcome.ts';

/** What a run says that another run of it, or a baseline, did not: what `qlhil compare --json` prints (docs/compare.md). */
export interface Comparison {
  readonly schema: 'qlhil-comparison/1';
  readonly old: ComparedSide;
  readonly new: ComparedSide;
  /** Failed now, and not before: whether the scenario passed then, came to no verdict, or was not there. */
  readonly newFailures: readonly FindingChange[];
  /** Found before, and no longer, although the same scenario ran and its clause was exercised. */
  readonly fixed: readonly FindingChange[];
  /** Characterised values that are not what they were. */
  readonly changed: readonly ObservationChange[];
  /** Deviations from inferred clauses that were not there before. */
  readonly deviations: readonly FindingChange[];
  readonly latency: readonly LatencyShift[];
  /** How the latencies were compared. */
  readonly latencyTest: LatencyTest;
  /** Failed before and now. */
  readonly stillFailing: readonly FindingChange[];
  /** Came to a verdict before, and not now: nothing passes by not happening. */
  readonly noVerdict: readonly LostVerdict[];
  readonly onlyInOld: readonly string[];
  readonly onlyInNew: readonly string[];
  /** Clauses that the old run exercised and the new one did not. */
  readonly unexercised: readonly LostClause[];
  /** Values that were observed before, in a scenario that came to a verdict both times, and not now. */
  readonly unobserved: readonly ObservationChange[];
}

/** Who was compared. */
export interface ComparedSide {
  readonly kind: 'run' | 'baseline';
  readonly sku: string;
  readonly revision: string;
  /** As the module was named on the command line. */
  readonly spec: string;
  /** ISO 8601: when the run started. */
  readonly started: string;
  readonly seed: number | null;
  readonly scenarios: number;
}

/** What breaks one clause, in however many scenarios and by however many rules; with it the clauses broken in just the same scenarios. */
export interface FindingChange {
  readonly clause: string;
  /** Further clauses that are broken in the same scenarios: most likely by the same cause. */
  readonly also: readonly string[];
  /** Which rule found it first, and which ones in all. */
  readonly rule: string;
  readonly rules: readonly string[];
  readonly kind: ClauseKind;
  /** What the clause says; empty if no record knows it. */
  readonly says: string;
  /** Of the first finding. */
  readonly message: string;
  readonly scenarios: readonly string[];
}

export interface LostVerdict {
  readonly scenario: string;
  readonly was: OutcomeName;
  readonly is: OutcomeName | 'not run';
  readonly why: string;
}

export interface LostClause {
  readonly clause: string;
  readonly kind: ClauseKind;
  readonly says: string;
}

/** A measurement that takes longer, or less long, than the run as a whole would explain. */
export interface LatencyShift {
  readonly name: string;
  readonly unit: string;
  /** Medians over the scenarios that measured it in both runs. */
  readonly oldMedian: number;
  readonly newMedian: number;
  /** Hodges-Lehmann estimate of new minus old, with the common pace taken out or left in, whichever says less. */
  readonly shift: number;
  /** It lies in here with the confidence of the test. */
  readonly interval: readonly [number, number];
  /** Shift over old median; null if that is 0. */
  readonly relative: number | null;
  /** Of the test that nothing has shifted, corrected for the number of measurements. */
  readonly pValue: number;
  /** Scenarios that measured it in both runs. */
  readonly pairs: number;
}

export interface LatencyTest {
  /** How many measurements had enough pairs to be compared. */
  readonly measurements: number;
  /** A shift is reported below this corrected p value only … */
  readonly level: number;
  /** … and if the whole interval lies beyond the greater of these two. */
  readonly leastMs: number;
  readonly leastRelative: number;
  /** How much longer everything took, 1 being the same: host and network make all measurements slow at once. */
  readonly pace: number;
}
