import { median } from 'simple-statistics';
import type { RecordedMeasurement } from '../report/run-record.ts';

/** One measurement in two runs: a median for each scenario that took it in both, old and new side by side. */
export interface PairedMeasurement {
  readonly name: string;
  readonly unit: string;
  readonly pairs: readonly { readonly old: number; readonly new: number }[];
}

export function pairMeasurements(
  old: readonly RecordedMeasurement[],
  fresh: readonly RecordedMeasurement[],
): readonly PairedMeasurement[] {
  return fresh.flatMap((measurement) => {
    const before = old.find(({ name, unit }) => name === measurement.name && unit === measurement.unit);
    if (before === undefined) return [];
    const oldMedians = mediansByScenario(before);
    const pairs = [...mediansByScenario(measurement)].flatMap(([scenario, value]) => {
      const oldValue = oldMedians.get(scenario);
      return oldValue === undefined ? [] : [{ old: oldValue, new: value }];
    });
    return [{ name: measurement.name, unit: measurement.unit, pairs }];
  });
}

/** A scenario that ran several times counts once. */
function mediansByScenario({ samples, scenarios }: RecordedMeasurement): ReadonlyMap<string, number> {
  const bySource = new Map<string, number[]>();
  let next = 0;
  for (const { scenario, samples: count } of scenarios) {
    const own = bySource.get(scenario) ?? [];
    own.push(...samples.slice(next, next + count));
    bySource.set(scenario, own);
    next += count;
  }
  return new Map([...bySource].filter(([, own]) => own.length > 0).map(([scenario, own]) => [scenario, median(own)]));
}
