import type { RunRecord } from '../../harness/report/run-record.ts';
import type { Pair, Prediction } from './prediction.ts';

/** What stands against a prediction and is not explained in its file. */
export interface Unexplained extends Pair {
  readonly is: 'extra' | 'missing';
  /** Where it was found. */
  readonly scenarios: readonly string[];
}

export interface Comparison {
  readonly predicted: number;
  readonly found: number;
  /** Predicted and found. */
  readonly met: number;
  readonly explained: number;
  readonly unexplained: readonly Unexplained[];
  /** Explanations of what is no difference (any more). */
  readonly idle: readonly Pair[];
}

/** Holds what a run found of a personality against what was predicted, pair by pair of rule and clause. */
export function comparePrediction(prediction: Prediction, record: Pick<RunRecord, 'outcomes'>): Comparison {
  const predicted = new Map(
    prediction.hypotheses.flatMap(({ predicts }) => predicts).map((pair) => [keyOf(pair), pair]),
  );
  const found = foundIn(record);
  const extra = [...found].filter(([key]) => !predicted.has(key));
  const missing = [...predicted].filter(([key]) => !found.has(key));
  const differing: Unexplained[] = [
    ...extra.map(([, { rule, clause, scenarios }]) => ({ rule, clause, is: 'extra' as const, scenarios })),
    ...missing.map(([, { rule, clause }]) => ({ rule, clause, is: 'missing' as const, scenarios: [] })),
  ];
  const explained = new Set(prediction.differences.map((one) => `${one.is} ${keyOf(one)}`));
  const actual = new Set(differing.map((one) => `${one.is} ${keyOf(one)}`));
  return {
    predicted: predicted.size,
    found: found.size,
    met: [...predicted.keys()].filter((key) => found.has(key)).length,
    explained: differing.filter((one) => explained.has(`${one.is} ${keyOf(one)}`)).length,
    unexplained: differing.filter((one) => !explained.has(`${one.is} ${keyOf(one)}`)),
    idle: prediction.differences.filter((one) => !actual.has(`${one.is} ${keyOf(one)}`)),
  };
}

function foundIn({
  outcomes,
}: Pick<RunRecord, 'outcomes'>): ReadonlyMap<string, Pair & { readonly scenarios: string[] }> {
  const found = new Map<string, Pair & { readonly scenarios: string[] }>();
  for (const { scenario, findings } of outcomes) {
    for (const { rule, clause } of findings) {
      const known = found.get(keyOf({ rule, clause })) ?? { rule, clause, scenarios: [] };
      if (!known.scenarios.includes(scenario)) known.scenarios.push(scenario);
      found.set(keyOf({ rule, clause }), known);
    }
  }
  return found;
}

function keyOf({ rule, clause }: Pair): string {
  return `${rule} ${clause}`;
}
