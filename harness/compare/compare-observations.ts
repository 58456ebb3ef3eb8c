import type { RunRecord } from '../report/run-record.ts';
import type { Observation } from '../run/outcome.ts';
import type { Comparison, ObservationChange, ObservedValue } from './comparison.ts';
import { groupBy } from './group-by.ts';
import type { Reference } from './reference.ts';
import { verdictsByScenario } from './verdicts-by-scenario.ts';

type ObservationChanges = Pick<Comparison, 'changed' | 'unobserved'>;

interface Observed extends Observation {
  readonly scenario?: string;
}

/**
 * Which characterised values are others than before.
 *
 * A value is named by clause and name, wherever it was seen. It has changed when it takes a value that it did not take before: fewer of those
 * known are no change. A number under a clause that states a tolerance has changed only beyond it.
 */
export function compareObservations(reference: Reference, record: RunRecord): ObservationChanges {
  const tolerances = new Map(record.coverage.map(({ clause, tolerance = 0 }) => [clause, tolerance]));
  const before = groupBy(reference.observations, nameOf);
  const now = groupBy(record.observations, nameOf);
  return {
    changed: [...now].flatMap(([key, observed]) => {
      const [first] = observed;
      const known = before.get(key);
      if (first === undefined || known === undefined) return [];
      const isKnown = (value: ObservedValue) => isAmong(value, valuesOf(known), tolerances.get(first.clause) ?? 0);
      const unknown = observed.filter(({ value }) => !isKnown(value));
      return unknown.length === 0 ? [] : [toChange(first, valuesOf(known), valuesOf(observed), unknown)];
    }),
    unobserved: reference.run === undefined ? [] : findUnobserved(reference.run.observations, record),
  };
}

/** Values that a scenario gave before and, although it came to a verdict again, no longer gives. */
function findUnobserved(before: readonly Observed[], record: RunRecord): ObservationChange[] {
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
