import { existsSync, readFileSync } from 'node:fs';
import { PLAN_VARIABLE } from './load-plan.ts';
import { writeAtomically } from './write-atomically.ts';

/** Notes that a lane's module can't be revived, for the files that its worker has still to run. */
export function markWedged(laneNumber: number, why: string): void {
  const path = markPath(laneNumber);
  if (path !== undefined) writeAtomically(path, why);
}

/** Why the lane's module is of no use any more; undefined if it is. */
export function findWedge(laneNumber: number, planPath?: string): string | undefined {
  const path = markPath(laneNumber, planPath);
  return path !== undefined && existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Beside the plan, in the run's private folder; undefined where all is in one process, without a plan's file. */
function markPath(laneNumber: number, planPath = process.env[PLAN_VARIABLE]): string | undefined {
  return planPath === undefined ? undefined : `${planPath}.wedged.${laneNumber}`;
}
