import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { asRecordFailure } from './record-failure.ts';

/** Whoever reads the file finds it whole or not at all, also after a power cut. @throws HarnessError RECORD_UNWRITABLE — the disk is full */
export function writeAtomically(path: string, text: string): void {
  const fresh = `${path}.${process.pid}.new`;
  try {
    writeWhole(fresh, text);
    renameSync(fresh, path);
  } catch (thrown) {
    rmSync(fresh, { force: true });
    throw asRecordFailure(thrown, path);
  }
}

function writeWhole(path: string, text: string): void {
  const file = openSync(path, 'w');
  try {
    writeFileSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
