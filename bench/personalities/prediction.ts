import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { readYaml } from '../../harness/bench/read-yaml.ts';

const FOLDER = join(import.meta.dirname, '..', '..', 'fixtures', 'personalities');

/** A rule and the clause that it finds broken. */
const pairSchema = v.strictObject({ rule: v.string(), clause: v.string() });
export type Pair = v.InferOutput<typeof pairSchema>;

const hypothesisSchema = v.strictObject({ id: v.string(), says: v.string(), predicts: v.array(pairSchema) });
export type Hypothesis = v.InferOutput<typeof hypothesisSchema>;

const differenceSchema = v.strictObject({
  ...pairSchema.entries,
  /** `extra`: found, though nobody predicted it; `missing`: predicted, but not found. */
  is: v.picklist(['extra', 'missing']),
  /** The hypothesis that it comes from. */
  from: v.string(),
  why: v.string(),
});
export type Difference = v.InferOutput<typeof differenceSchema>;

const predictionSchema = v.strictObject({
  schema: v.literal('qlhil-personality/1'),
  personality: v.string(),
  /** What `--module` is given. */
  module: v.string(),
  extends: v.optional(v.string()),
  hypotheses: v.array(hypothesisSchema),
  differences: v.array(differenceSchema),
});
export type Prediction = v.InferOutput<typeof predictionSchema>;

/** All predictions; one that extends another has that one's hypotheses, too, but for those that it states anew. */
export function readPredictions(): readonly Prediction[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith('.yaml'));
  const all = files.toSorted().map((name) => readYaml(join(FOLDER, name), predictionSchema));
  return all.map((prediction) => withInherited(prediction, all));
}

function withInherited(prediction: Prediction, all: readonly Prediction[]): Prediction {
  return { ...prediction, hypotheses: [...hypothesesOf(prediction, all)] };
}

function hypothesesOf(prediction: Prediction, all: readonly Prediction[]): readonly Hypothesis[] {
  const base = all.find(({ personality }) => personality === prediction.extends);
  const inherited = base?.hypotheses ?? [];
  const own = new Set(prediction.hypotheses.map(({ id }) => id));
  return [...inherited.filter(({ id }) => !own.has(id)), ...prediction.hypotheses];
}
