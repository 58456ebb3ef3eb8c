import type { ObservedRun } from '../report/build-run-record.ts';
import type { ObservationChange, ObservedValue } from '../report/run-record.ts';
import type { Observation } from '../run/outcome.ts';
import { groupBy } from './group-by.ts';
import { verdictsByScenario } from './verdicts-by-scenario.ts';

/** A value, and the scenario that gave it if that is known. */
export interface Observed extends Observation {
  readonly scenario?: string;
}

/**
 * Which characterised values are others than before.
 *
 * A value is named by clause and name, wherever it was seen. It has changed when it takes a value that it did not take before: fewer of those
 * known are no change. A number under a clause that states a tolerance has changed only beyond it.
 */
export function findChanged(before: readonly Observed[], { coverage, observations }: ObservedRun): ObservationChange[] {
  const tolerances = new Map(coverage.map(({ clause, tolerance = 0 }) => [clause, tolerance]));
  const known = groupBy(before, nameOf);
  return [...groupBy(observations, nameOf)].flatMap(([key, observed]) => {
    const [first] = observed;
    const old = valuesOf(known.get(key) ?? []);
    if (first === undefined || old.length === 0) return [];
    const unknown = observed.filter(({ value }) => !isAmong(value, old, tolerances.get(first.clause) ?? 0));
    return unknown.length === 0 ? [] : [toChange(first, old, valuesOf(observed), unknown)];
  });
}

/** Values that a scenario gave before and, although it came to a verdict again, no longer gives. */
export function findUnobserved(before: readonly Observed[], record: ObservedRun): ObservationChange[] {
  const judged = verdictsByScenario(record);
  const now = groupBy(record.observations, nameOf);
  const lost = before.filter((seen) => !now.has(nameOf(seen)) && judged.has(seen.scenario ?? ''));
  return [...groupBy(lost, nameOf).values()].flatMap((observed) => {
    const [first] = observed;
    return first === undefined ? [] : [toChange(first, valuesOf(observed), [], observed)];
  });
}

function toChange(
  { clause, name }: Observed,
  old: readonly ObservedValue[],
  fresh: readonly ObservedValue[],
  where: readonly Observed[],
): ObservationChange {
  const scenarios = [...new Set(where.flatMap(({ scenario }) => scenario ?? []))];
  return { clause, name, old, new: fresh, scenarios };
}

function nameOf({ clause, name }: Observed): string {
  return `${clause} ${name}`;
}

function valuesOf(observed: readonly Observed[]): readonly ObservedValue[] {
  return [...new Set(observed.map(({ value }) => value))];
}

function isAmong(value: ObservedValue, known: readonly ObservedValue[], tolerance: number): boolean {
  return known.some((one) => one === value || (isNumber(one) && isNumber(value) && isNear(value, one, tolerance)));
}

function isNear(value: number, known: number, tolerance: number): boolean {
  return Math.abs(value - known) <= tolerance * Math.abs(known);
}

function isNumber(value: ObservedValue): value is number {
  return typeof value === 'number';
}
