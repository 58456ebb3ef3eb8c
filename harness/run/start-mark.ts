import { existsSync, readFileSync, rmSync } from 'node:fs';
import * as v from 'valibot';
import type { LaneOfPlan } from './load-plan.ts';
import type { LeftStarts } from './untold-starts.ts';
import { writeAtomically } from './write-atomically.ts';

const start = v.object({ id: v.string(), cause: v.string(), announced: v.boolean() });
const schema = v.object({ bootId: v.string(), after: v.string(), untold: v.array(start) });

type MarkedLane = Pick<LaneOfPlan, 'planPath' | 'laneNumber'>;

/** Notes how a file leaves its lane's module, for the one that watches it next. */
export function markStarts(lane: MarkedLane, left: LeftStarts): void {
  const path = markPath(lane);
  if (path !== undefined) writeAtomically(path, JSON.stringify(left));
}

/** How the file before left the lane's module; undefined if there was none, or its process was killed. */
export function findStarts(lane: MarkedLane): LeftStarts | undefined {
  const path = markPath(lane);
  if (path === undefined || !existsSync(path)) return undefined;
  return v.parse(schema, JSON.parse(readFileSync(path, 'utf8')));
}

/** Whoever watches the module knows better from here on; killed, it leaves no word of what it did to it. */
export function forgetStarts(lane: MarkedLane): void {
  const path = markPath(lane);
  if (path !== undefined) rmSync(path, { force: true });
}

/** Beside the plan, in the run's private folder. */
function markPath({ planPath, laneNumber }: MarkedLane): string | undefined {
  return planPath === undefined ? undefined : `${planPath}.starts.${laneNumber}`;
}
