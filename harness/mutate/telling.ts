import type { Finding, ScenarioOutcome } from '../run/outcome.ts';

/** A finding with the scenario that brought it to light. */
export interface Telling extends Finding {
  readonly scenario: string;
}

/** What of an outcome speaks against the module. One that is inconclusive proves nothing, whatever it found. */
export function tellingFindings({ scenario, outcome, findings }: ScenarioOutcome): readonly Telling[] {
  if (outcome === 'inconclusive') return [];
  return findings.filter(({ kind }) => kind !== 'characterised').map((finding) => Object.assign({ scenario }, finding));
}

/** What makes two findings the same, on two modules: their events never are. */
export function tellingKey({ scenario, rule, clause }: Telling): string {
  return `${scenario} ${rule} ${clause}`;
}
