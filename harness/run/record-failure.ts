import { asError, HarnessError } from '../errors.ts';

export interface RecordFailureData {
  /** The run's folder can't be written to any more (exit 3). */
  RECORD_UNWRITABLE: { readonly path: string };
}

declare module '../errors.ts' {
  interface FailureData extends RecordFailureData {}
}

/** Of the disk, not of the harness. */
const CODES: ReadonlySet<unknown> = new Set(['ENOSPC', 'EDQUOT', 'EROFS', 'EIO']);

const UNWRITABLE = 'the record can not be written';

/** Writes, and says of a disk that takes no more what it means. @throws HarnessError RECORD_UNWRITABLE; other errors as they are */
export function recording<T>(path: string, write: () => T): T {
  try {
    return write();
  } catch (thrown) {
    throw asRecordFailure(thrown, path);
  }
}

export function asRecordFailure(thrown: unknown, path: string): Error {
  const error = asError(thrown);
  if (!('code' in error) || !CODES.has(error.code)) return error;
  const message = `${UNWRITABLE} (${path}: ${error.message}): make room, and run again; what is recorded so far stays readable`;
  return new HarnessError('RECORD_UNWRITABLE', message, { path }, { cause: error });
}

/** The line that says so, in what Jest tells of a test that failed: it passes on text only. */
export function findUnwritable(failure: string): string | undefined {
  return failure
    .split('\n')
    .find((line) => line.includes(UNWRITABLE))
    ?.replace(/^\s*(?:HarnessError|Error): /u, '');
}
