import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { HarnessError } from '../errors.ts';
import { type Lane, type Plan, planSchema } from './plan.ts';

/** Where the environment names the plan. */
export const PLAN_VARIABLE = 'QLHIL_PLAN';

/** A plan, and which of its modules is this process's own. */
export interface LaneOfPlan {
  readonly plan: Plan;
  readonly lane: Lane;
  /** From 1. */
  readonly laneNumber: number;
  /** Beside it is kept what one file tells the next; left out where all is in one process. */
  readonly planPath?: string;
}

/** The plan that the environment names, and the lane of this Jest worker. @throws HarnessError CONFIGURATION — there is none */
export function loadPlan(env: NodeJS.ProcessEnv = process.env): LaneOfPlan {
  const path = env[PLAN_VARIABLE];
  if (path === undefined)
    throw new HarnessError(
      'CONFIGURATION',
      'scenarios are started by `qlhil run`, which names their plan in QLHIL_PLAN',
      {
        subject: 'QLHIL_PLAN',
      },
    );
  const plan = v.parse(planSchema, JSON.parse(readFileSync(path, 'utf8')));
  const laneNumber = Number(env['JEST_WORKER_ID'] ?? '1');
  const lane = plan.lanes[laneNumber - 1];
  if (lane === undefined)
    throw new HarnessError('HARNESS_BUG', `worker ${laneNumber} has no lane in a plan of ${plan.lanes.length}`, {
      where: 'plan',
    });
  return { plan, lane, laneNumber, planPath: path };
}
