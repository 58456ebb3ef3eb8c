import { stretchOf } from './proof.ts';
import { isDeviation, type RecordedOutcome } from './run-record.ts';

/** A timeline that may go into the page. */
export interface Candidate {
  readonly timeline: string;
  /** The events that its findings cite. */
  readonly cited: { readonly from: number; readonly to: number } | undefined;
}

/** The timelines of a run, those that decide first: failures, what came to no verdict, known failures, deviations, passes by length. */
export function rankTimelines(outcomes: readonly RecordedOutcome[]): readonly Candidate[] {
  return outcomes
    .flatMap((outcome) => outcome.attempts.map((attempt) => ({ outcome, attempt })))
    .toSorted((a, b) => weightOf(a) - weightOf(b) || a.attempt.durationMs - b.attempt.durationMs)
    .map(({ attempt }) => ({
      timeline: attempt.timeline,
      cited: stretchOf({ events: attempt.findings.flatMap(({ events }) => events) }),
    }));
}

const WEIGHTS: Readonly<Record<string, number>> = { fail: 0, inconclusive: 1, 'known-failure': 2, pass: 5, skipped: 6 };

function weightOf({
  outcome,
  attempt,
}: {
  readonly outcome: RecordedOutcome;
  readonly attempt: RecordedOutcome['attempts'][number];
}): number {
  if (attempt.findings.some(isDeviation) && attempt.outcome === 'pass') return 3;
  return Math.min(WEIGHTS[attempt.outcome] ?? 6, (WEIGHTS[outcome.outcome] ?? 6) + 0.5);
}
