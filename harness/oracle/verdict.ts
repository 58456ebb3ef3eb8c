import type { Finding, Measurement, Observation } from '../run/outcome.ts';

/** What the judge makes of one attempt. */
export interface Verdict {
  readonly outcome: 'pass' | 'fail' | 'inconclusive';
  /** Why it is inconclusive. */
  readonly why?: string;
  readonly findings: readonly Finding[];
  /** By rule id: all rules, zeros included, and the expectations met as `expect:<predicate>`. */
  readonly exercised: Readonly<Record<string, number>>;
  readonly clausesExercised: Readonly<Record<string, number>>;
  readonly observations: readonly Observation[];
  readonly measurements: readonly Measurement[];
  /** What stood in the way, in order; the first is `why` unless the module failed. */
  readonly troubles: readonly string[];
  /** Rules that threw: bugs of the harness. */
  readonly bugs: readonly string[];
  /** Time inside recorded waits, ms. */
  readonly waitedMs: number;
}
