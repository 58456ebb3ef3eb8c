import { asError, HarnessError } from '../harness/errors.ts';
import { writeAtomically } from '../harness/run/write-atomically.ts';

/** Writes a file that the user named. @throws HarnessError CONFIGURATION — it can't be written there */
export function writeOutput(path: string, text: string): void {
  try {
    writeAtomically(path, text);
  } catch (thrown) {
    const message = `can't write ${path}: ${asError(thrown).message}`;
    throw new HarnessError('CONFIGURATION', message, { subject: path }, { cause: thrown });
  }
}
