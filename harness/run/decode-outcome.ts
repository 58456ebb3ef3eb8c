import * as v from 'valibot';
import { asError, HarnessError } from '../errors.ts';
import type { ScenarioOutcome } from './outcome.ts';

export const outcomeNameSchema = v.picklist(['pass', 'fail', 'inconclusive', 'known-failure', 'skipped']);
export const clauseKindSchema = v.picklist(['specified', 'inferred', 'characterised']);
const counts = v.record(v.string(), v.number());

export const findingSchema = v.strictObject({
  rule: v.string(),
  clause: v.string(),
  kind: clauseKindSchema,
  message: v.string(),
  events: v.array(v.number()),
});

export const identitySchema = v.strictObject({
  spec: v.string(),
  sku: v.string(),
  model: v.string(),
  revision: v.string(),
  imei: v.string(),
  shim: v.string(),
  sdk: v.string(),
  features: v.array(v.string()),
});

export const attemptSchema = v.strictObject({
  attempt: v.number(),
  outcome: outcomeNameSchema,
  durationMs: v.number(),
  timeline: v.string(),
  findings: v.array(findingSchema),
  why: v.exactOptional(v.string()),
});

export const observationSchema = v.strictObject({
  clause: v.string(),
  name: v.string(),
  value: v.union([v.string(), v.number(), v.boolean()]),
});

export const measurementSchema = v.strictObject({ name: v.string(), unit: v.string(), samples: v.array(v.number()) });

export const outcomeSchema = v.strictObject({
  scenario: v.string(),
  title: v.string(),
  file: v.string(),
  clauses: v.array(v.string()),
  lane: v.number(),
  module: identitySchema,
  outcome: outcomeNameSchema,
  attempts: v.array(attemptSchema),
  durationMs: v.number(),
  findings: v.array(findingSchema),
  exercised: counts,
  clausesExercised: counts,
  observations: v.array(observationSchema),
  measurements: v.array(measurementSchema),
  missing: v.exactOptional(v.string()),
  why: v.exactOptional(v.string()),
  waitedMs: v.number(),
});

/** @throws HarnessError HARNESS_BUG — a worker wrote something else than its contract */
export function decodeOutcome(line: string, source: string): ScenarioOutcome {
  try {
    return v.parse(outcomeSchema, JSON.parse(line));
  } catch (thrown) {
    const message = `${source} holds a line that is no outcome: ${asError(thrown).message}`;
    throw new HarnessError('HARNESS_BUG', message, { where: source }, { cause: thrown });
  }
}
