import type { RecordedOutcome } from '../report/run-record.ts';
import type { Finding } from '../run/outcome.ts';

/** A finding, with the scenario that it is of. */
export interface FoundIn extends Finding {
  readonly scenario: string;
}

/** What counts against the module in an outcome. One that is inconclusive proves nothing, either way. */
export function findingsOf({ scenario, outcome, findings }: RecordedOutcome): readonly FoundIn[] {
  return outcome === 'inconclusive' ? [] : findings.map((finding) => ({ ...finding, scenario }));
}

export function isFailing({ kind }: Pick<Finding, 'kind'>): boolean {
  return kind === 'specified';
}
