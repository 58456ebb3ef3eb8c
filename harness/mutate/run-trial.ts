import { asError } from '../errors.ts';
import { outcomeOn } from '../run/attempt.ts';
import type { ScenarioOutcome } from '../run/outcome.ts';
import { logOutcome } from '../run/outcome-log.ts';
import { DEFAULT_BUDGET_MS, registeredScenarios, type ScenarioVariant } from '../run/scenario.ts';
import { Workbench } from '../run/workbench.ts';
import { tellingFindings, tellingKey } from './telling.ts';
import type { Trial, TrialEnd } from './trial.ts';

const LANE_NUMBER = 1;

/**
 * Runs scenarios one by one on a module, as `qlhil run` does, over one session and without Jest, until one tells what is asked for.
 * Outcomes and timelines are in the plan's folder. The scenarios are registered.
 */
export async function runTrial({ plan, until }: Trial): Promise<TrialEnd> {
  const bugs: string[] = [];
  try {
    const [lane] = plan.lanes;
    if (lane === undefined) throw new RangeError('a trial takes a lane');
    const bench = await Workbench.open({ plan, lane, laneNumber: LANE_NUMBER });
    try {
      for (const variant of variantsOf(plan.only)) {
        const judged = await outcomeOn(bench, variant, round(variant));
        logOutcome(plan.runDir, LANE_NUMBER, judged.outcome);
        bugs.push(...judged.bugs);
        if (until !== null && isTold(judged.outcome, until)) break;
      }
    } finally {
      await bench.close();
    }
    return { bugs, trouble: null };
  } catch (thrown) {
    return { bugs, trouble: asError(thrown).message };
  }
}

function isTold(outcome: ScenarioOutcome, { clause, except }: NonNullable<Trial['until']>): boolean {
  return tellingFindings(outcome).some((telling) => telling.clause === clause && !except.includes(tellingKey(telling)));
}

function variantsOf(ids: readonly string[]): readonly ScenarioVariant[] {
  const byId = new Map(registeredScenarios().map((variant) => [variant.id, variant]));
  return ids.flatMap((id) => byId.get(id) ?? []);
}

function round({ budgetMs = DEFAULT_BUDGET_MS }: ScenarioVariant) {
  return { budgetMs, round: 0, file: '' };
}
