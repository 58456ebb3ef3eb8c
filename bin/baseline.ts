import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { yamlText } from '../harness/bench/write-yaml.ts';
import { asError, HarnessError } from '../harness/errors.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import type { NamedBaseline } from '../harness/run/baseline.ts';
import { baselineOfRun } from '../harness/run/baseline-of-run.ts';
import { compareBaselines } from '../harness/run/compare-baselines.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { findRunRecords } from '../harness/run/find-run-records.ts';
import { readBaselines } from '../harness/run/read-baselines.ts';
import { askYesNo } from './ask-yes-no.ts';
import type { BaselineArguments } from './baseline-command.ts';
import { type Paint, paintFor } from './paint.ts';
import { printBaselineDifference } from './print-baseline-difference.ts';
import { usageError } from './usage-error.ts';
import { writeOutput } from './write-output.ts';

const COMMENT = `What this SKU does where nobody specifies it, and what it is known to get wrong (ql-mqtt-hil, docs/compare.md).
Written by qlhil baseline accept; yours to edit, and to keep under version control.`;

/** @returns the exit code */
export async function baseline({ run, baseline: folder, reason, yes }: BaselineArguments): Promise<number> {
  const records = findRunRecords(run).map(({ record }) => record);
  for (const record of records) refuseUnknown(record, run);
  const own = existsSync(folder) ? readBaselines(folder) : [];
  const paint = paintFor(process.stdout);
  for (const record of records) await accept(record, { folder, own, reason, yes, paint });
  return EXIT.passed;
}

interface Acceptance {
  readonly folder: string;
  readonly own: readonly NamedBaseline[];
  readonly reason: string;
  readonly yes: boolean;
  readonly paint: Paint;
}

async function accept(record: RunRecord, { folder, own, reason, yes, paint }: Acceptance): Promise<void> {
  const fresh = baselineOfRun(record, reason);
  const old = own.find(({ baseline: one }) => one.sku === fresh.sku);
  const path = old?.path ?? join(folder, `${fresh.sku}.yaml`);
  process.stdout.write(
    printBaselineDifference({ path, record, difference: compareBaselines(old?.baseline, fresh) }, paint),
  );
  if (!yes && !(await askYesNo(`write ${path}?`, '--yes writes it without asking'))) {
    process.stdout.write('nothing was written\n');
    return;
  }
  makeFolder(folder);
  writeOutput(path, yamlText(fresh, COMMENT));
  process.stdout.write(`${path} is written\n`);
}

/** There would be no telling whose baseline it is. */
function refuseUnknown({ module }: RunRecord, run: string): void {
  if (module.sku !== 'unknown' && module.revision !== 'unknown') return;
  throw usageError(`${run} can't be accepted: its module never said who it is`);
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
  } catch (thrown) {
    const message = `can't make ${folder}: ${asError(thrown).message}`;
    throw new HarnessError('CONFIGURATION', message, { subject: folder }, { cause: thrown });
  }
}
