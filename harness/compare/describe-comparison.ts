import { count } from '../report/describe-run.ts';
import type { ComparedSide, Comparison, LatencyShift, LatencyTest } from './comparison.ts';

/** The sentences and figures that text, Markdown and HTML share. */

export function describeSide({ kind, sku, revision, spec, started, seed, scenarios }: ComparedSide): string {
  const when = started.slice(0, 16).replace('T', ' ');
  if (kind === 'baseline') return `${sku} ${revision}: the baseline, accepted from the run of ${when}`;
  return `${sku} ${revision} (${spec}): ${count(scenarios, 'scenario')} on ${when}, seed ${seed ?? 'unknown'}`;
}

/** The one line that decides. */
export function describeDifference(comparison: Comparison): string {
  const { newFailures, fixed, changed, deviations, latency } = comparison;
  const parts = [
    ...some(newFailures.length, 'new failure'),
    ...(fixed.length === 0 ? [] : [`${fixed.length} fixed`]),
    ...some(changed.length, 'changed observation'),
    ...some(deviations.length, 'new deviation'),
    ...some(latency.length, 'latency shift'),
    ...some(comparison.noVerdict.length, 'verdict', ' lost'),
  ];
  return parts.length === 0 ? 'no difference' : parts.join(', ');
}

function some(number: number, noun: string, after = ''): string[] {
  return number === 0 ? [] : [`${count(number, noun)}${after}`];
}

/** `2 → 42 ms: +40 ms (38.5 to 42), p < 0.0001, 56 scenarios`. */
export function describeShift({
  unit,
  oldMedian,
  newMedian,
  shift,
  interval,
  relative,
  pValue,
  pairs,
}: LatencyShift): string {
  const [low, high] = interval;
  const share = relative === null ? '' : `, ${signed(Math.round(relative * 100))} %`;
  const size = `${signed(rounded(shift))} ${unit}${share} (${signed(rounded(low))} to ${signed(rounded(high))})`;
  const p = pValue < 0.0001 ? 'p < 0.0001' : `p = ${pValue.toFixed(4)}`;
  return `median ${rounded(oldMedian)} → ${rounded(newMedian)} ${unit}: ${size}, ${p}, ${count(pairs, 'scenario')}`;
}

export function describeTest({ measurements, level, leastMs, leastRelative, pace }: LatencyTest): string {
  if (measurements === 0) return 'no latency was measured often enough in both to be compared';
  const bounds = `beyond chance (p < ${level}, corrected) and beyond ${leastMs} ms and ${Math.round(leastRelative * 100)} %`;
  return `${count(measurements, 'latency', 'latencies')} compared: a shift is told ${bounds}; everything took ${pace.toFixed(2)} times as long, which is taken out`;
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function signed(value: number): string {
  return value > 0 ? `+${value}` : String(value).replace('-', '−');
}
