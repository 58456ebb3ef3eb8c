import type { KnownFailure } from './known-failure.ts';
import { isAbout, isMet, type Judged } from './matches-known-failure.ts';
import type { Finding } from './outcome.ts';

export interface FailureToExplain extends Judged {
  readonly findings: readonly Finding[];
  /** Whether breaches of inferred clauses fail too. */
  readonly strict: boolean;
}

/** The reasons of the known failures that a failure consists of; undefined if anything else failed beside them. */
export function explainFailure(failure: FailureToExplain, known: readonly KnownFailure[]): string | undefined {
  const candidates = known.filter((entry) => isAbout(entry, failure));
  const failing = failure.findings.filter(
    ({ kind }) => kind === 'specified' || (kind === 'inferred' && failure.strict),
  );
  const reasons = failing.map((finding) => candidates.find((entry) => isMet(entry, finding))?.reason);
  const given = reasons.filter((reason) => reason !== undefined);
  return given.length > 0 && given.length === reasons.length ? [...new Set(given)].join('; ') : undefined;
}
