import { join } from 'node:path';
import type { Changes } from '../report/changes.ts';
import { renderReports } from '../report/render-reports.ts';
import type { RunRecord } from '../report/run-record.ts';
import { readEvidence } from './read-evidence.ts';
import { readPageBundle } from './read-page-bundle.ts';
import { writeAtomically } from './write-atomically.ts';

export interface ReportsToWrite {
  readonly record: RunRecord;
  /** The run's folder, with its timelines. */
  readonly runDir: string;
  /** Where the reports go; left out: beside the record. */
  readonly into?: string;
  /** What changed since the baseline, if there is one. */
  readonly comparison?: Changes | undefined;
}

/** Writes every report of a run. @returns their paths, report.html's last */
export function writeReports({ record, runDir, into = runDir, comparison }: ReportsToWrite): readonly string[] {
  const evidence = { ...readEvidence(runDir, record), comparison };
  const reports = Object.entries(renderReports(record, evidence, readPageBundle()));
  return reports.map(([name, text]) => {
    const path = join(into, name);
    writeAtomically(path, text);
    return path;
  });
}
