import { join } from 'node:path';
import { describeChange, describeScenarios } from '../harness/report/describe-change.ts';
import {
  count,
  describeCoverage,
  describeHealed,
  describeModule,
  describeSpan,
  describeTotals,
  describeVerdict,
} from '../harness/report/describe-run.ts';
import { isDeviation, type RecordedOutcome, type RunRecord } from '../harness/report/run-record.ts';
import type { Finding } from '../harness/run/outcome.ts';
import type { RecordedGroup } from '../harness/run/run-view.ts';
import type { Paint } from './paint.ts';
import { proveFinding } from './prove-finding.ts';

/** Beyond this the console is no place to read them. */
const MAX_SHOWN = 20;

/** What a run says at its end: the findings with their proof, then who, how much, and where the report is. */
export async function summarise({ folder, record }: RecordedGroup, paint: Paint): Promise<string> {
  const shown = record.outcomes.filter(({ findings }) => findings.length > 0);
  const lines: string[] = [''];
  for (const outcome of shown.slice(0, MAX_SHOWN)) lines.push(...(await describeFindings(folder, outcome, paint)), '');
  if (shown.length > MAX_SHOWN) lines.push(`… and ${shown.length - MAX_SHOWN} more scenarios with findings`, '');
  for (const { where, message } of record.problems)
    lines.push(paint('bad', `the harness broke in ${where}: ${message}`));
  for (const { scenario, why } of record.notRun.slice(0, MAX_SHOWN)) {
    lines.push(`${paint('doubtful', '?')} ${scenario} was not run: ${why}`);
  }
  for (const known of record.knownFailures.filter(({ isHealed }) => isHealed)) {
    lines.push(paint('bad', describeHealed(known)));
  }
  if (record.changes.length > 0) lines.push(...describeChanges(record, paint), '');
  const tone = record.exitCode === 0 ? 'good' : 'bad';
  lines.push(
    `module   ${describeModule(record)}`,
    `result   ${paint(tone, describeVerdict(record))}: ${describeTotals(record.totals)}, in ${describeSpan(record)}`,
    `clauses  ${describeCoverage(record.coverage)}`,
    `report   ${join(folder, 'report.html')}`,
  );
  return lines.join('\n');
}

/** What is not as it was accepted. */
function describeChanges({ baseline, changes, failOnChange }: RunRecord, paint: Paint): string[] {
  const tone = failOnChange ? 'bad' : 'doubtful';
  const against = `against ${baseline?.path ?? 'the baseline'}, accepted from a run of ${baseline?.revision ?? 'unknown'}`;
  return [
    paint(tone, `${count(changes.length, 'observation')} changed ${against}`),
    ...changes.map(
      (change) =>
        `  ${paint('strong', change.clause)}  ${describeChange(change)}  ${paint('faint', describeScenarios(change.scenarios))}`,
    ),
  ];
}

async function describeFindings(folder: string, outcome: RecordedOutcome, paint: Paint): Promise<string[]> {
  const { scenario, title } = outcome;
  const lines = [`${paint(outcome.outcome === 'pass' ? 'doubtful' : 'bad', scenario)}  ${paint('faint', title)}`];
  for (const finding of outcome.findings.toSorted(failuresFirst)) {
    const timeline = findTimeline(outcome, finding);
    lines.push(await proveFinding(finding, timeline === undefined ? undefined : join(folder, timeline), paint));
  }
  return lines;
}

function failuresFirst(a: Finding, b: Finding): number {
  return Number(isDeviation(a)) - Number(isDeviation(b));
}

/** The timeline of the attempt that the finding is from. */
function findTimeline({ attempts }: RecordedOutcome, { rule, message }: Finding): string | undefined {
  const source = attempts.findLast(({ findings }) =>
    findings.some((finding) => finding.rule === rule && finding.message === message),
  );
  return source?.timeline;
}
