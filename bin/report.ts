import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { EXIT } from '../harness/run/exit-code.ts';
import { findRunRecords } from '../harness/run/find-run-records.ts';
import { readBaselines } from '../harness/run/read-baselines.ts';
import { writeReports } from '../harness/run/write-reports.ts';
import { compareWithBaseline } from './compare-with-baseline.ts';
import { readOnce } from './read-option.ts';

export interface ReportArguments {
  readonly run: string;
  readonly out: string | undefined;
  readonly baseline: string | undefined;
}

/** @returns the exit code: what the run itself found is not its matter */
export function report({ run, out, baseline }: ReportArguments): number {
  const into = readOnce('out', out);
  const own = readBaselines(readOnce('baseline', baseline));
  const records = findRunRecords(run);
  for (const { folder, record } of records) {
    // A run of several kinds of modules has reports of each.
    const target = into === undefined || records.length === 1 ? (into ?? folder) : join(into, basename(folder));
    mkdirSync(target, { recursive: true });
    // A run that was held against nothing says so again, unless it is asked for.
    const isHeld = record.baseline !== null || baseline !== undefined;
    const comparison = isHeld ? compareWithBaseline(record, own) : undefined;
    const paths = writeReports({ record, runDir: folder, into: target, comparison });
    process.stdout.write(`${paths.join('\n')}\n`);
  }
  return EXIT.passed;
}
