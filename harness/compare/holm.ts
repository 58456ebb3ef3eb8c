/** Holm's correction of p values for their number: none is below the level by chance with more than that probability, all together. */
export function holm(pValues: readonly number[]): readonly number[] {
  const order = pValues.map((_, index) => index).toSorted((a, b) => (pValues[a] ?? 0) - (pValues[b] ?? 0));
  const corrected: number[] = pValues.map(() => 1);
  let least = 0;
  for (const [position, index] of order.entries()) {
    least = Math.min(1, Math.max(least, (pValues[index] ?? 1) * (pValues.length - position)));
    corrected[index] = least;
  }
  return corrected;
}
