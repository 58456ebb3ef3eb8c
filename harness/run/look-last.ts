import { asError } from '../errors.ts';
import { AFTER_LAST_SCENARIO } from '../report/run-record.ts';
import { type JudgedOutcome, outcomeOn } from './attempt.ts';
import type { LaneOfPlan } from './load-plan.ts';
import { logOutcome } from './outcome-log.ts';
import { DEFAULT_BUDGET_MS, type ScenarioVariant } from './scenario.ts';
import { unreachableOutcome } from './scenario-outcome.ts';
import { Workbench } from './workbench.ts';

/** None of the suite: its timeline is where a start is told that no scenario follows. */
const AFTERWARDS: ScenarioVariant = {
  id: AFTER_LAST_SCENARIO,
  title: 'The module does not start again unannounced after the last scenario',
  clauses: ['A-1.no-reset'],
  scheme: 'mqtt',
  run: () => Promise.resolve(),
};
const FILE = 'after the last file';

/**
 * Looks whether a lane's module is still there and has not started again since its last scenario. If it has, and nobody brought it about, or if
 * nothing revives it, that is an outcome like any other; else nothing is logged.
 *
 * @param stopped aborted when it is too late to log anything
 * @returns rules that threw
 * @throws HarnessError RECORD_UNWRITABLE — the disk is full
 */
export async function lookLast(ofPlan: LaneOfPlan, stopped?: AbortSignal): Promise<readonly string[]> {
  const judged = await judge(ofPlan);
  if (judged === undefined || stopped?.aborted === true) return [];
  logOutcome(ofPlan.plan.runDir, ofPlan.laneNumber, judged.outcome);
  return judged.bugs;
}

async function judge(ofPlan: LaneOfPlan): Promise<JudgedOutcome | undefined> {
  let bench: Workbench;
  try {
    bench = await Workbench.open(ofPlan);
  } catch (thrown) {
    const why = asError(thrown).message;
    return { outcome: unreachableOutcome(AFTERWARDS, { file: FILE, ...ofPlan, why }), bugs: [] };
  }
  try {
    if (!bench.starts.hasUnannounced) return undefined;
    return await outcomeOn(bench, AFTERWARDS, { budgetMs: DEFAULT_BUDGET_MS, round: 0, file: FILE });
  } finally {
    await bench.close();
  }
}
