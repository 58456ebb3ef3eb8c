import * as v from 'valibot';
import { knownFailureSchema } from './known-failure.ts';

const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));

const observationSchema = v.strictObject({
  clause: text,
  name: text,
  values: v.pipe(v.array(v.union([v.string(), v.number(), v.boolean()])), v.nonEmpty('must name a value')),
});

/** What a user has accepted of a SKU: its characterised values, the failures and the deviations that it has (docs/compare.md). */
export const baselineSchema = v.strictObject({
  schema: v.literal('qlhil-baseline/1'),
  sku: text,
  /** Of the module of the run that was accepted, for the reader; the baseline holds for whatever revision. */
  revision: text,
  module: text,
  sdk: text,
  /** ISO 8601: when that run started. */
  started: text,
  observations: v.array(observationSchema),
  known: v.array(knownFailureSchema),
  deviations: v.array(v.strictObject({ rule: text, clause: text, scenario: v.exactOptional(text) })),
});

export type Baseline = v.InferOutput<typeof baselineSchema>;

/** A baseline and the file that it is from. */
export interface NamedBaseline {
  readonly path: string;
  readonly baseline: Baseline;
}
