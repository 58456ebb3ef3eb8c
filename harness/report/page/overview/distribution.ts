/** Samples as a picture shows them. */
export interface Distribution {
  readonly min: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly p95: number;
  readonly max: number;
  /** Where a value stands between smallest and greatest, 0 to 1, on a logarithmic scale where all are above 0. */
  readonly place: (value: number) => number;
  /** Samples, thinned where there are many, set apart vertically so that they are seen side by side. */
  readonly dots: readonly { readonly value: number; readonly level: number }[];
}

const DOTS_SHOWN = 150;
const LEVELS = [0, -4, 4, -8, 8];

export function distributionOf(samples: readonly number[]): Distribution {
  const sorted = samples.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  const [min, max] = [at(0), sorted.at(-1) ?? 0];
  const step = Math.max(1, sorted.length / DOTS_SHOWN);
  const dots: { value: number; level: number }[] = [];
  for (let index = 0; index < sorted.length; index += step) {
    dots.push({ value: sorted[Math.floor(index)] ?? 0, level: LEVELS[dots.length % LEVELS.length] ?? 0 });
  }
  // The greatest is what is looked for: it is never thinned away.
  if (dots.at(-1)?.value !== max) dots.push({ value: max, level: 0 });
  return { min, q1: at(0.25), median: at(0.5), q3: at(0.75), p95: at(0.95), max, place: placeBetween(min, max), dots };
}

function placeBetween(min: number, max: number): (value: number) => number {
  if (max === min) return () => 0.5;
  const bend = min > 0 ? Math.log : (value: number) => value;
  const span = bend(max) - bend(min);
  return (value) => (bend(value) - bend(min)) / span;
}
