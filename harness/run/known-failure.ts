import * as v from 'valibot';

const text = v.pipe(v.string(), v.nonEmpty('must not be empty'));
const pattern = v.pipe(text, v.check(isPattern, 'is no regular expression'));

/**
 * A failure that the user knows of and lives with, on one SKU and some of its firmware revisions. A rule may be `expect:<predicate>`.
 * The patterns must match the whole revision, or the whole id of the scenario.
 */
export const knownFailureSchema = v.strictObject({
  rule: text,
  clause: text,
  sku: text,
  revision: pattern,
  scenario: v.exactOptional(pattern),
  reason: text,
});

/** A file of them, as `--known` names it. */
export const knownFailuresSchema = v.strictObject({
  schema: v.literal('qlhil-known/1'),
  known: v.array(knownFailureSchema),
});

export type KnownFailure = v.InferOutput<typeof knownFailureSchema>;

function isPattern(source: string): boolean {
  try {
    return new RegExp(source, 'u') instanceof RegExp;
  } catch {
    return false; // the one thing that its constructor throws for
  }
}
