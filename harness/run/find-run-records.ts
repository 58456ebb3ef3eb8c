import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { readRunRecord } from './read-run-record.ts';
import type { RecordedGroup } from './run-view.ts';

const RECORD = 'run.json';

/**
 * The records of a run: of its folder, of the folders of its kinds within, or of a `run.json` itself.
 *
 * @throws HarnessError CONFIGURATION — there is none
 */
export function findRunRecords(path: string): readonly [RecordedGroup, ...RecordedGroup[]] {
  if (!existsSync(path)) throw noRun(path, 'there is no such folder or file');
  if (!statSync(path).isDirectory()) return [{ folder: join(path, '..'), record: readRunRecord(path) }];
  const folders = [path, ...kindsIn(path)].filter((folder) => existsSync(join(folder, RECORD)));
  const [first, ...rest] = folders.map((folder) => ({ folder, record: readRunRecord(join(folder, RECORD)) }));
  if (first === undefined) throw noRun(path, `it holds no ${RECORD}: give the folder of a run, such as out/latest`);
  return [first, ...rest];
}

/** In the order of their numbers: `1-virtual-ec200u-cn`, `2-…`. */
function kindsIn(path: string): readonly string[] {
  const names = readdirSync(path).filter((name) => /^\d+-/u.test(name));
  return names.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).map((name) => join(path, name));
}

function noRun(path: string, why: string): HarnessError {
  return new HarnessError('CONFIGURATION', `${path}: ${why}`, { subject: path });
}
