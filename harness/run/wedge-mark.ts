import { existsSync, readFileSync } from 'node:fs';
import { PLAN_VARIABLE } from './load-plan.ts';
import { writeAtomically } from './write-atomically.ts';

/** Notes that a lane's module can't be revived, for the files that its worker has still to run. */
export function markWedged(laneNumber: number, why: string): void {
  writeAtomically(markPath(laneNumber), why);
}

/** Why the lane's module is of no use any more; undefined if it is. */
export function findWedge(laneNumber: number): string | undefined {
  const path = markPath(laneNumber);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Beside the plan, in the run's private folder. */
function markPath(laneNumber: number): string {
  return `${process.env[PLAN_VARIABLE] ?? ''}.wedged.${laneNumber}`;
}
