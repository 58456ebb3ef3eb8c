import { mean, median } from 'simple-statistics';
import type { RecordedMeasurement } from '../report/run-record.ts';
import type { LatencyShift, LatencyTest } from './comparison.ts';
import { holm } from './holm.ts';
import { type PairedMeasurement, pairMeasurements } from './pair-measurements.ts';
import { type PairedShift, pairedShift } from './signed-rank.ts';

const LEVEL = 0.01;
const LEAST_MS = 5;
const LEAST_RELATIVE = 0.2;
/** Fewer pairs could never pass the test. */
const LEAST_PAIRS = 12;
/** What so few measurements have in common may be the very shift that is looked for. */
const LEAST_FOR_PACE = 5;
const SHORTEST_FOR_PACE_MS = 0.5;

export interface ComparedLatency {
  readonly shifts: readonly LatencyShift[];
  readonly test: LatencyTest;
}

/**
 * Which latencies have shifted, beyond what all of them did, by more than chance and, surely, by more than matters.
 *
 * A busy host or a slow network makes everything slow: that common pace is told once, and what it explains is no shift.
 */
export function compareLatency(
  old: readonly RecordedMeasurement[],
  fresh: readonly RecordedMeasurement[],
): ComparedLatency {
  const paired = pairMeasurements(old, fresh).filter(({ unit, pairs }) => unit === 'ms' && pairs.length >= LEAST_PAIRS);
  const pace = paceOf(paired);
  const estimates = paired.map((measurement) => estimate(measurement, pace));
  const corrected = holm(estimates.map(({ pValue }) => pValue));
  const shifts = estimates
    .map((shift, index): LatencyShift => Object.assign(shift, { pValue: corrected[index] ?? 1 }))
    .filter(({ pValue }) => pValue < LEVEL)
    .filter(({ interval, oldMedian }) => sureSize(interval) >= Math.max(LEAST_MS, LEAST_RELATIVE * oldMedian));
  const test = { measurements: paired.length, level: LEVEL, leastMs: LEAST_MS, leastRelative: LEAST_RELATIVE, pace };
  return { shifts: shifts.toSorted((a, b) => Math.abs(b.shift) - Math.abs(a.shift)), test };
}

/** What the shift amounts to at the very least; 0 if it may as well have gone the other way. */
function sureSize([low, high]: readonly [number, number]): number {
  return Math.max(0, low, -high);
}

/** The median of how many times as long each measurement takes. What takes no time tells nothing of it. */
function paceOf(paired: readonly PairedMeasurement[]): number {
  const ratios = paired.flatMap(({ pairs }) => {
    const before = midmean(pairs.map((pair) => pair.old));
    return before < SHORTEST_FOR_PACE_MS ? [] : [midmean(pairs.map((pair) => pair.new)) / before];
  });
  return ratios.length < LEAST_FOR_PACE ? 1 : median(ratios);
}

/** The mean of the middle half: as little impressed by wild values as a median, and finer than the module's clock of 1 ms. */
function midmean(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const quarter = Math.floor(sorted.length / 4);
  return mean(sorted.slice(quarter, sorted.length - quarter));
}

function estimate({ name, unit, pairs }: PairedMeasurement, pace: number): LatencyShift {
  const oldMedian = median(pairs.map((pair) => pair.old));
  const newMedian = median(pairs.map((pair) => pair.new));
  // How much of the pace a measurement shares nobody knows: a shift must be one with all of it taken out, and with none.
  const readings = [pace, 1].map((share) =>
    pairedShift(
      pairs.map((pair) => pair.new - share * pair.old),
      LEVEL,
    ),
  );
  const { shift, interval, pValue } = weakest(readings);
  const relative = oldMedian === 0 ? null : shift / oldMedian;
  return { name, unit, oldMedian, newMedian, shift, interval, relative, pValue, pairs: pairs.length };
}

/** The reading that says least; none at all if they contradict each other. */
function weakest(readings: readonly PairedShift[]): PairedShift {
  const [first, ...others] = readings.toSorted((a, b) => sureSize(a.interval) - sureSize(b.interval));
  if (first === undefined) throw new RangeError('a shift takes a reading');
  const isContradicted = others.some(({ shift }) => Math.sign(shift) !== Math.sign(first.shift));
  return { ...first, pValue: isContradicted ? 1 : Math.max(...readings.map(({ pValue }) => pValue)) };
}
