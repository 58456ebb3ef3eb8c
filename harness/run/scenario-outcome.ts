import type { ModuleIdentity } from '../timeline/events.ts';
import type { AttemptResult } from './attempt-once.ts';
import type { ScenarioOutcome } from './outcome.ts';
import type { Lane } from './plan.ts';
import type { ScenarioVariant } from './scenario.ts';
import type { Workbench } from './workbench.ts';

/** The outcome of all attempts: the last one's verdict, since only inconclusive ones were tried again. */
export function outcomeOfAttempts(
  bench: Workbench,
  variant: ScenarioVariant,
  {
    file,
    results,
    durationMs,
  }: { readonly file: string; readonly results: readonly AttemptResult[]; readonly durationMs: number },
): ScenarioOutcome {
  const last = results.at(-1);
  if (last === undefined) throw new RangeError('an outcome takes at least one attempt');
  const { attempt, verdict } = last;
  return {
    ...blank(variant, file, bench.laneNumber, bench.identity),
    outcome: attempt.outcome,
    attempts: results.map((result) => result.attempt),
    durationMs: Math.round(durationMs),
    findings: verdict.findings,
    exercised: verdict.exercised,
    clausesExercised: verdict.clausesExercised,
    observations: verdict.observations,
    measurements: verdict.measurements,
    waitedMs: Math.round(verdict.waitedMs),
    ...(attempt.why === undefined ? {} : { why: attempt.why }),
  };
}

/** The module lacks a capability that the scenario needs. */
export function skippedOutcome(
  bench: Workbench,
  variant: ScenarioVariant,
  file: string,
  missing: string,
): ScenarioOutcome {
  const why = `the module has no ${missing}`;
  return { ...blank(variant, file, bench.laneNumber, bench.identity), outcome: 'skipped', missing, why };
}

/** There was no session with the module. */
export function unreachableOutcome(
  variant: ScenarioVariant,
  {
    file,
    lane,
    laneNumber,
    why,
  }: { readonly file: string; readonly lane: Lane; readonly laneNumber: number; readonly why: string },
): ScenarioOutcome {
  const unknown = { model: '', revision: '', imei: '', shim: '', sdk: '', features: [] };
  const identity = { spec: lane.spec, sku: lane.sku, ...unknown };
  return { ...blank(variant, file, laneNumber, identity), outcome: 'inconclusive', why };
}

function blank(variant: ScenarioVariant, file: string, lane: number, module: ModuleIdentity) {
  const { id, title, clauses } = variant;
  return {
    scenario: id,
    title,
    file,
    clauses,
    lane,
    module,
    attempts: [],
    durationMs: 0,
    findings: [],
    exercised: {},
    clausesExercised: {},
    observations: [],
    measurements: [],
    waitedMs: 0,
  };
}
