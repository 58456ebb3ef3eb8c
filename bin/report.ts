import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EXIT } from '../harness/run/exit-code.ts';
import { findRunRecords } from '../harness/run/find-run-records.ts';
import { writeReports } from '../harness/run/write-reports.ts';
import { readOnce } from './read-option.ts';

export interface ReportArguments {
  readonly run: string;
  readonly out: string | undefined;
}

/** @returns the exit code: what the run itself found is not its matter */
export function report({ run, out }: ReportArguments): number {
  const into = readOnce('out', out);
  const records = findRunRecords(run);
  for (const { folder, record } of records) {
    // A run of several kinds of modules has reports of each.
    const target = into === undefined || records.length === 1 ? (into ?? folder) : join(into, basename(folder));
    mkdirSync(target, { recursive: true });
    for (const path of writeReports({ record, runDir: folder, into: target })) process.stdout.write(`${path}\n`);
  }
  return EXIT.passed;
}
