import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { asError, HarnessError } from '../errors.ts';
import type { RunRecord } from '../report/run-record.ts';
import {
  attemptSchema,
  clauseKindSchema,
  findingSchema,
  identitySchema,
  measurementSchema,
  observationSchema,
  outcomeNameSchema,
} from './decode-outcome.ts';
import { EXIT } from './exit-code.ts';
import { knownFailureSchema } from './known-failure.ts';

const texts = v.array(v.string());
const optionalText = v.exactOptional(v.string());

const changeSchema = v.object({
  clause: v.string(),
  name: v.string(),
  old: v.array(observationSchema.entries.value),
  new: v.array(observationSchema.entries.value),
  scenarios: texts,
});

/** Members may be added to a record within its version: those that this harness does not know are passed over. */
const recordSchema = v.object({
  schema: v.literal('qlhil-run/1'),
  module: v.object(identitySchema.entries),
  lanes: v.array(v.object({ lane: v.number(), spec: v.string(), imei: v.nullable(v.string()) })),
  host: v.object({ platform: v.string(), node: v.string() }),
  harness: v.object({ version: v.string(), commit: v.nullable(v.string()) }),
  command: texts,
  seed: v.number(),
  strict: v.boolean(),
  started: v.string(),
  ended: v.string(),
  outcomes: v.array(
    v.object({
      scenario: v.string(),
      title: v.string(),
      file: v.string(),
      clauses: texts,
      lane: v.number(),
      outcome: outcomeNameSchema,
      attempts: v.array(v.object(attemptSchema.entries)),
      durationMs: v.number(),
      findings: v.array(v.object(findingSchema.entries)),
      missing: optionalText,
      why: optionalText,
      waitedMs: v.number(),
    }),
  ),
  notRun: v.array(v.object({ scenario: v.string(), why: v.string() })),
  problems: v.array(v.object({ where: v.string(), message: v.string() })),
  knownFailures: v.array(v.object({ ...knownFailureSchema.entries, met: v.number(), isHealed: v.boolean() })),
  coverage: v.array(
    v.object({
      clause: v.string(),
      kind: clauseKindSchema,
      source: v.string(),
      says: v.string(),
      tolerance: v.exactOptional(v.number()),
      exercised: v.number(),
      violated: v.number(),
    }),
  ),
  rules: v.array(v.object({ rule: v.string(), exercised: v.number(), found: v.number() })),
  observations: v.array(v.object({ ...observationSchema.entries, scenario: v.string() })),
  measurements: v.array(
    v.object({
      ...measurementSchema.entries,
      // Records of before tell of no scenarios: what they measured can't be compared pair by pair.
      scenarios: v.optional(v.array(v.object({ scenario: v.string(), samples: v.number() })), []),
    }),
  ),
  // Members of later date than the first records.
  baseline: v.optional(v.nullable(v.object({ path: v.string(), revision: v.string(), started: v.string() })), null),
  changes: v.optional(v.array(changeSchema), []),
  failOnChange: v.optional(v.boolean(), false),
  totals: v.object({
    scenarios: v.number(),
    pass: v.number(),
    fail: v.number(),
    inconclusive: v.number(),
    knownFailure: v.number(),
    skipped: v.number(),
    notRun: v.number(),
    deviations: v.number(),
    flaky: v.number(),
  }),
  exitCode: v.picklist(Object.values(EXIT)),
});

/** Reads a `run.json`. @throws HarnessError CONFIGURATION — it can't be read, or is no record of a run; the message says where */
export function readRunRecord(path: string): RunRecord {
  const parsed = v.safeParse(recordSchema, parseJson(path));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw refused(path, `${v.getDotPath(issue) ?? 'it'}: ${issue.message}`);
}

function parseJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (thrown) {
    throw refused(path, asError(thrown).message, thrown);
  }
}

function refused(path: string, what: string, cause?: unknown): HarnessError {
  return new HarnessError('CONFIGURATION', `${path} is no record of a run: ${what}`, { subject: path }, { cause });
}
