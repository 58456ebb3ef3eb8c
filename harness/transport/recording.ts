import * as v from 'valibot';
import { HarnessError } from '../errors.ts';

/** One line of a recording (NDJSON): what passed on a port, in order. Lines are without their LF; `hex` where they are no UTF-8. */
export const recordingEntry = v.variant('k', [
  v.strictObject({ k: v.literal('open'), port: v.string() }),
  v.strictObject({ k: v.literal('out'), text: v.string() }),
  v.strictObject({ k: v.literal('in'), text: v.string() }),
  v.strictObject({ k: v.literal('in-hex'), hex: v.string() }),
  v.strictObject({ k: v.literal('closed'), why: v.string() }),
]);
export type RecordingEntry = v.InferOutput<typeof recordingEntry>;

/** Reads a recording. @throws HarnessError CONFIGURATION — a line of it is malformed; the message names the line */
export function parseRecording(text: string): readonly RecordingEntry[] {
  return text
    .split('\n')
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line !== '')
    .map(({ line, number }) => parseEntry(line, number));
}

function parseEntry(line: string, number: number): RecordingEntry {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), recordingEntry), line);
  if (parsed.success) return parsed.output;
  const message = `line ${number} of the recording is malformed: ${v.summarize(parsed.issues)}`;
  throw new HarnessError('CONFIGURATION', message, { subject: `line ${number}` });
}
