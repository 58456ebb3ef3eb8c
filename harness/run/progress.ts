import * as v from 'valibot';

/** What Jest's process says on the way, one JSON line each, on file descriptor `PROGRESS_FD`. */
const schema = v.variant('k', [
  v.object({ k: v.literal('begun'), scenario: v.string() }),
  v.object({ k: v.literal('ended'), scenario: v.string(), failure: v.nullable(v.string()) }),
  /** A file that could not be run to its end, and no scenario of it is to blame. */
  v.object({ k: v.literal('file-failed'), file: v.string(), failure: v.string() }),
]);

export type Progress = v.InferOutput<typeof schema>;

export const PROGRESS_FD = 3;

export function decodeProgress(line: string): Progress {
  return v.parse(schema, JSON.parse(line));
}
