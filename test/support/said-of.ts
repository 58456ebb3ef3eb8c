import type { RunRecord } from '../../harness/report/run-record.ts';

/** What a run said about the module, by scenario: the outcome and the findings, without times and texts that may differ from run to run. */
export function saidOf({ outcomes }: RunRecord): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    outcomes
      .map(({ scenario, outcome, findings }): [string, string[]] => [
        scenario,
        [outcome, ...findings.map(({ rule, clause, kind }) => `${rule} [${clause}] ${kind}`).toSorted()],
      ])
      .toSorted(([a], [b]) => a.localeCompare(b)),
  );
}
