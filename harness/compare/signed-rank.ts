import { errorFunction, medianSorted } from 'simple-statistics';

/** Beyond so many pairs the normal distribution is as good as the exact one, and quicker. */
const EXACT_UP_TO = 40;

export interface PairedShift {
  /** Hodges-Lehmann: the median of the means of all pairs of differences. */
  readonly shift: number;
  readonly interval: readonly [number, number];
  readonly pValue: number;
}

/**
 * Wilcoxon's signed-rank test of paired differences, two-sided, with the shift and its confidence interval.
 *
 * Chosen over a rank-sum test because the same scenario stands on both sides: what differs from scenario to scenario falls out. Ranks, not
 * values, decide, so that a few wild samples of a busy machine count for little. Equal values share their ranks; differences of 0 say nothing
 * and are left out of the test.
 *
 * @param differences at least one
 * @param level the interval covers with the confidence 1 − level
 */
export function pairedShift(differences: readonly number[], level: number): PairedShift {
  const walsh = walshAverages(differences);
  return {
    shift: medianSorted(walsh),
    interval: intervalOf(walsh, differences.length, level),
    pValue: signedRankPValue(differences),
  };
}

/** @param exactUpTo beyond so many pairs the normal approximation is taken */
export function signedRankPValue(differences: readonly number[], exactUpTo = EXACT_UP_TO): number {
  const moved = differences.filter((difference) => difference !== 0);
  if (moved.length === 0) return 1;
  const ranks = doubledRanks(moved.map(Math.abs));
  const positive = sum(ranks.filter((_, index) => (moved[index] ?? 0) > 0));
  return moved.length <= exactUpTo ? exactPValue(ranks, positive) : normalPValue(ranks, positive);
}

/** Twice the rank of each, so that shared ranks stay whole numbers. */
function doubledRanks(values: readonly number[]): readonly number[] {
  const sorted = values.toSorted((a, b) => a - b);
  const doubled = new Map<number, number>();
  for (const value of sorted) {
    if (!doubled.has(value)) doubled.set(value, sorted.indexOf(value) + 1 + sorted.lastIndexOf(value) + 1);
  }
  return values.map((value) => doubled.get(value) ?? 0);
}

/** Of all ways to give the ranks their signs, the share that is as lopsided as this one, or more. */
function exactPValue(ranks: readonly number[], positive: number): number {
  const total = sum(ranks);
  let shares = new Float64Array(total + 1);
  shares[0] = 1;
  for (const rank of ranks) {
    const next = new Float64Array(total + 1);
    for (const [at, share] of shares.entries()) {
      if (share === 0) continue;
      next[at] = (next[at] ?? 0) + share / 2;
      next[at + rank] = (next[at + rank] ?? 0) + share / 2;
    }
    shares = next;
  }
  const offCentre = Math.abs(positive - total / 2);
  return Math.min(1, sum([...shares].filter((_, at) => Math.abs(at - total / 2) >= offCentre)));
}

/** The variance takes the shared ranks as they are: a quarter of the sum of their squares. */
function normalPValue(ranks: readonly number[], positive: number): number {
  const deviation = Math.sqrt(sum(ranks.map((rank) => rank * rank))) / 2;
  // Half a step of continuity; ranks are doubled.
  const z = Math.max(0, Math.abs(positive - sum(ranks) / 2) - 1) / deviation;
  return 1 - errorFunction(z / Math.SQRT2);
}

function walshAverages(differences: readonly number[]): number[] {
  const averages: number[] = [];
  for (const [index, one] of differences.entries()) {
    for (const other of differences.slice(index)) averages.push((one + other) / 2);
  }
  return averages.toSorted((a, b) => a - b);
}

function intervalOf(walsh: readonly number[], pairs: number, level: number): readonly [number, number] {
  const deviation = Math.sqrt((pairs * (pairs + 1) * (2 * pairs + 1)) / 24);
  const outside = Math.floor(walsh.length / 2 - zOf(level) * deviation);
  const cut = Math.min(Math.max(0, outside), walsh.length - 1);
  return [walsh[cut] ?? 0, walsh[walsh.length - 1 - cut] ?? 0];
}

/** How many deviations leave `level` outside on both sides together; by bisection. */
function zOf(level: number): number {
  let [low, high] = [0, 9];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (1 - errorFunction(middle / Math.SQRT2) > level) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function sum(values: readonly number[]): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}
