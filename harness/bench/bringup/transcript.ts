import * as v from 'valibot';
import { HarnessError } from '../../errors.ts';
import { recordingEntry } from '../../transport/recording.ts';
import { seenSchema } from '../reach/seen.ts';

export const TRANSCRIPT_SCHEMA = 'qlhil-transcript/1';

/** One line of a transcript (NDJSON): what passed between the first hour and the world, in order. */
const entrySchema = v.variant('k', [
  v.strictObject({
    k: v.literal('header'),
    schema: v.literal(TRANSCRIPT_SCHEMA),
    /** ISO 8601. */
    started: v.string(),
    atPort: v.string(),
    apn: v.nullable(v.string()),
  }),
  v.strictObject({ k: v.literal('at-open') }),
  v.strictObject({ k: v.literal('at-out'), text: v.string() }),
  v.strictObject({ k: v.literal('at-in'), text: v.string() }),
  v.strictObject({ k: v.literal('authority'), pem: v.string() }),
  v.strictObject({ k: v.literal('door'), url: v.string(), place: v.string() }),
  v.strictObject({ k: v.literal('seen'), seen: seenSchema }),
  v.strictObject({ k: v.literal('now'), ms: v.number() }),
  v.strictObject({ k: v.literal('fact'), id: v.string(), holds: v.boolean(), saw: v.string() }),
  ...recordingEntry.options,
]);

export type TranscriptEntry = v.InferOutput<typeof entrySchema>;

/** @throws HarnessError CONFIGURATION — a line is malformed, or the first is no header; the message names the line */
export function parseTranscript(text: string): readonly TranscriptEntry[] {
  const lines = text.split('\n').map((line, index) => ({ line, number: index + 1 }));
  const entries = lines.filter(({ line }) => line !== '').map(({ line, number }) => parseLine(line, number));
  if (entries[0]?.k === 'header') return entries;
  throw refused(1, 'it is no header of a transcript');
}

function parseLine(line: string, number: number): TranscriptEntry {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), entrySchema), line);
  if (parsed.success) return parsed.output;
  throw refused(number, v.summarize(parsed.issues));
}

function refused(number: number, why: string): HarnessError {
  return new HarnessError('CONFIGURATION', `line ${number} of the transcript: ${why}`, { subject: `line ${number}` });
}
