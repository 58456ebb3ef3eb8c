import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { asError, HarnessError } from '../errors.ts';

/**
 * Makes the folder of a run: `out/<UTC time>` unless one is named. An existing folder is never written into.
 *
 * @throws HarnessError CONFIGURATION — the named folder exists, or can't be made
 */
export function makeRunFolder(named: string | undefined, startedAt: Date, base = 'out'): string {
  if (named !== undefined) return makeFresh(resolve(named));
  const stem = startedAt.toISOString().replaceAll(':', '').replace('T', '-').slice(0, 17);
  for (let copy = 1; ; copy += 1) {
    const folder = resolve(base, copy === 1 ? stem : `${stem}-${copy}`);
    if (tryMake(folder)) return folder;
  }
}

/** Points `latest`, beside the run's folder, to it. */
export function linkLatest(folder: string): void {
  const fresh = join(dirname(folder), `.latest-${process.pid}`);
  rmSync(fresh, { force: true });
  symlinkSync(basename(folder), fresh);
  renameSync(fresh, join(dirname(folder), 'latest'));
}

function makeFresh(folder: string): string {
  if (tryMake(folder)) return folder;
  const message = `${folder} exists already; a run never writes over another: name a fresh folder with --out`;
  throw new HarnessError('CONFIGURATION', message, { subject: folder });
}

/** False if it exists. */
function tryMake(folder: string): boolean {
  try {
    mkdirSync(dirname(folder), { recursive: true });
  } catch (thrown) {
    throw cannotMake(folder, thrown);
  }
  try {
    mkdirSync(folder);
    return true;
  } catch (thrown) {
    if (isExisting(thrown)) return false;
    throw cannotMake(folder, thrown);
  }
}

function cannotMake(folder: string, cause: unknown): HarnessError {
  const message = `can't make ${folder}: ${asError(cause).message}`;
  return new HarnessError('CONFIGURATION', message, { subject: folder }, { cause });
}

function isExisting(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'code' in thrown && thrown.code === 'EEXIST';
}
