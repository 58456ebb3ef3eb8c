import type { ChangedFinding, Changes, ComparedWith, ShiftedLatency } from '../report/changes.ts';
import type { ObservationChange } from '../report/run-record.ts';
import type { ClauseKind, OutcomeName } from '../run/outcome.ts';

/** What a run says that another run of it, or a baseline, did not: what `qlhil compare --json` prints (docs/compare.md). */
export interface Comparison extends Changes {
  readonly schema: 'qlhil-comparison/1';
  readonly old: ComparedSide;
  readonly new: ComparedSide;
  readonly newFailures: readonly FindingChange[];
  readonly fixed: readonly FindingChange[];
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
export interface ComparedSide extends ComparedWith {
  /** As the module was named on the command line. */
  readonly spec: string;
  readonly seed: number | null;
  readonly scenarios: number;
}

/** With the clauses broken in just the same scenarios. */
export interface FindingChange extends ChangedFinding {
  /** Further clauses that are broken in the same scenarios: most likely by the same cause. */
  readonly also: readonly string[];
  /** Which rule found it first. */
  readonly rule: string;
  /** What the clause says; empty if no record knows it. */
  readonly says: string;
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

export interface LatencyShift extends ShiftedLatency {
  /** Shift over old median; null if that is 0. */
  readonly relative: number | null;
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
