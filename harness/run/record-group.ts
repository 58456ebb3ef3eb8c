import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findChanged } from '../compare/compare-observations.ts';
import { compareWith } from '../compare/compare-with.ts';
import { buildRunRecord, type ObservedRun } from '../report/build-run-record.ts';
import type { RunRecord } from '../report/run-record.ts';
import type { ModuleIdentity } from '../timeline/events.ts';
import type { NamedBaseline } from './baseline.ts';
import type { GroupRun } from './group-run.ts';
import { harnessVersion } from './harness-version.ts';
import type { StartedGroup } from './module-group.ts';
import { recording } from './record-failure.ts';
import { observationsOf, referenceFromBaseline } from './reference-from-baseline.ts';
import { reviewKnownFailures } from './review-known-failures.ts';
import { runExitCode } from './run-exit-code.ts';
import type { RunRequest } from './run-request.ts';
import type { RecordedGroup, RunContext } from './run-view.ts';
import { isSignal, type StopReason } from './stop-request.ts';
import { writeAtomically } from './write-atomically.ts';
import { writeReports } from './write-reports.ts';

const NOT_RUN: Readonly<Record<StopReason, string>> = {
  interrupted: 'the run was interrupted',
  terminated: 'the run was terminated',
  bail: 'the run ended at the first failure (--bail)',
  unwritable: 'the record could not be written any more',
  'max-duration': 'the time was up (--max-duration)',
};

export interface GroupToRecord {
  readonly request: RunRequest;
  readonly context: RunContext;
  readonly group: StartedGroup;
  readonly run: GroupRun;
  readonly runDir: string;
  readonly baseline: NamedBaseline | undefined;
  readonly startedAt: string;
  /** Ids of all scenarios of the files given, selected or not. */
  readonly scenarios: readonly string[];
}

/** Writes `run.json` and the reports, which are functions of it. */
export function recordGroup({
  request,
  context,
  group,
  run,
  runDir,
  baseline,
  startedAt,
  scenarios,
}: GroupToRecord): RecordedGroup {
  recording(runDir, () => keepLogs(group, runDir));
  const { seed, strict, command, failOnFlaky, failOnChange } = request;
  const { reason } = context.stop;
  // After a signal processes are ended from outside, and may well complain. Else whoever was told to end does so in order.
  const problems = isSignal(reason) ? [] : run.problems(reason !== undefined);
  const why = reason === undefined ? 'it ended without an outcome' : NOT_RUN[reason];
  const knownFailures = reviewKnownFailures(
    [...request.known, ...(baseline?.baseline.known ?? [])],
    run.outcomes,
    scenarios,
  );
  const record = buildRunRecord({
    module: unheardOf(group),
    lanes: group.lanes.map(({ spec }) => spec),
    host: { platform: `${process.platform} ${process.arch}`, node: process.version },
    harness: harnessVersion(),
    command,
    seed,
    strict,
    started: startedAt,
    ended: new Date().toISOString(),
    outcomes: run.outcomes,
    notRun: run.missing().map((scenario) => ({ scenario, why })),
    problems,
    knownFailures,
    clauses: context.clauses,
    baseline: baseline === undefined ? null : nameBaseline(baseline),
    failOnChange,
    changesOf: (observed) => (baseline === undefined ? [] : changesAgainst(baseline, observed)),
    exitCodeOf: (totals, changes) =>
      runExitCode({
        outcomes: run.outcomes.map(({ outcome }) => outcome),
        notRun: totals.notRun,
        healed: knownFailures.filter(({ isHealed }) => isHealed).length,
        failingChanges: failOnChange ? changes.length : 0,
        harnessProblems: problems.length,
        stopped: reason,
        isFlaky: totals.flaky > 0,
        failOnFlaky,
      }),
  });
  writeAtomically(join(runDir, 'run.json'), `${JSON.stringify(record, null, 2)}\n`);
  const comparison = baseline && compareWith(referenceFromBaseline(baseline.baseline, record.module), record);
  writeReports({ record, runDir, comparison });
  return { folder: runDir, record };
}

function nameBaseline({ path, baseline: { revision, started } }: NamedBaseline): RunRecord['baseline'] {
  return { path, revision, started };
}

function changesAgainst({ baseline }: NamedBaseline, observed: ObservedRun): RunRecord['changes'] {
  return findChanged(observationsOf(baseline), observed);
}

/** What is known of a module that no scenario has spoken to. */
function unheardOf(group: StartedGroup): ModuleIdentity {
  const [lane] = group.lanes;
  const unknown = { model: 'unknown', revision: 'unknown', imei: 'unknown', shim: 'unknown', sdk: 'unknown' };
  return { spec: lane?.spec ?? 'none', sku: lane?.sku ?? 'unknown', ...unknown, features: [] };
}

function keepLogs(group: StartedGroup, runDir: string): void {
  for (const [index, log] of group.logs().entries()) {
    if (log !== '') writeFileSync(join(runDir, `firmware.${index + 1}.log`), log);
  }
}
