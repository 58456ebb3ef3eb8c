export interface Measure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number;
  readonly ok: boolean;
}

interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number;
}

export function atMost({ name, value, unit, bar }: Figure): Measure {
  return { name, value: rounded(value), unit, bar, ok: value <= bar };
}

export function atLeast({ name, value, unit, bar }: Figure): Measure {
  return { name, value: rounded(value), unit, bar, ok: value >= bar };
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The smallest value that so large a part of all does not exceed. */
export function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

function rounded(value: number): number {
  return Number(value.toFixed(3));
}
