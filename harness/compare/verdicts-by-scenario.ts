import type { RecordedOutcome, RunRecord } from '../report/run-record.ts';
import type { OutcomeName } from '../run/outcome.ts';

const VERDICTS: ReadonlySet<OutcomeName> = new Set<OutcomeName>(['pass', 'fail', 'known-failure']);

/** The scenarios that said something about the module, with what they said; of several rounds, the first that did. */
export function verdictsByScenario({ outcomes }: Pick<RunRecord, 'outcomes'>): ReadonlyMap<string, RecordedOutcome> {
  const judged = new Map<string, RecordedOutcome>();
  for (const outcome of outcomes) {
    if (VERDICTS.has(outcome.outcome) && !judged.has(outcome.scenario)) judged.set(outcome.scenario, outcome);
  }
  return judged;
}
