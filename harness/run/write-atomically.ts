import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';

/** Whoever reads the file finds it whole or not at all, also after a power cut. */
export function writeAtomically(path: string, text: string): void {
  const fresh = `${path}.${process.pid}.new`;
  const file = openSync(fresh, 'w');
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(fresh, path);
}
