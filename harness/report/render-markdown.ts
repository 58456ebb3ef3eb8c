import { describeChange, describeScenarios } from './describe-change.ts';
import {
  count,
  describeCommand,
  describeCoverage,
  describeHealed,
  describeModule,
  describeSpan,
  describeTotals,
  describeVerdict,
} from './describe-run.ts';
import { escapeMarkdown as escape } from './escape-markdown.ts';
import { isDeviation, type RecordedOutcome, type RunRecord } from './run-record.ts';

/** A summary for a CI job's page or a pull request. */
export function renderMarkdown(record: RunRecord): string {
  const sections = [
    `# ${record.module.sku}: ${describeVerdict(record)}`,
    renderFacts(record),
    ...section('Failures', record.outcomes.filter(({ outcome }) => outcome === 'fail').map(renderOutcome)),
    ...section('Inconclusive', record.outcomes.filter(({ outcome }) => outcome === 'inconclusive').map(renderOutcome)),
    ...section('Deviations', record.outcomes.flatMap(renderDeviations)),
    ...section(`Changed against the baseline ${escape(record.baseline?.path ?? '')}`, record.changes.map(renderChange)),
    ...section('Known failures and skipped', record.outcomes.filter(isLeftOut).map(renderOutcome)),
    ...section(
      'Known failures that pass',
      record.knownFailures.filter(({ isHealed }) => isHealed).map((known) => `- ${escape(describeHealed(known))}`),
    ),
    ...section(
      'Not run',
      record.notRun.map(({ scenario, why }) => `- \`${scenario}\`: ${escape(why)}`),
    ),
    ...section(
      'The harness broke',
      record.problems.map(({ where, message }) => `- \`${where}\`: ${escape(message)}`),
    ),
    ...renderObservations(record),
  ];
  return `${sections.join('\n\n')}\n`;
}

function renderFacts(record: RunRecord): string {
  return [
    '| | |',
    '|---|---|',
    `| module | ${escape(describeModule(record))} |`,
    `| result | ${describeTotals(record.totals)} |`,
    `| clauses | ${describeCoverage(record.coverage)} |`,
    `| run | ${record.started}, ${describeSpan(record)}, seed ${record.seed}, exit ${record.exitCode} |`,
    `| again | \`${describeCommand(record)}\` |`,
  ].join('\n');
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`## ${title}\n\n${lines.join('\n')}`];
}

function renderOutcome({ scenario, title, findings, why, missing, attempts }: RecordedOutcome): string {
  const reason = why ?? (missing === undefined ? undefined : `missing: ${missing}`);
  const timelines = attempts.map(({ timeline }) => `\`${timeline}\``).join(', ');
  return [
    `- \`${scenario}\`: ${escape(title)}${timelines === '' ? '' : ` (${timelines})`}`,
    ...(reason === undefined ? [] : [`  - ${escape(reason)}`]),
    ...findings.map(({ rule, clause, kind, message }) => `  - ${rule}, \`${clause}\` (${kind}): ${escape(message)}`),
  ].join('\n');
}

function renderDeviations({ scenario, outcome, findings }: RecordedOutcome): string[] {
  if (outcome === 'fail') return [];
  return findings
    .filter(isDeviation)
    .map(({ rule, clause, message }) => `- \`${scenario}\`: ${rule}, \`${clause}\`: ${escape(message)}`);
}

function renderChange(change: RunRecord['changes'][number]): string {
  return `- \`${change.clause}\`: ${escape(describeChange(change))} (in ${escape(describeScenarios(change.scenarios))})`;
}

function isLeftOut({ outcome }: RecordedOutcome): boolean {
  return outcome === 'known-failure' || outcome === 'skipped';
}

function renderObservations({ observations }: RunRecord): string[] {
  if (observations.length === 0) return [];
  const rows = observations.map(
    ({ clause, name, value, scenario }) =>
      `| \`${clause}\` | ${escape(name)} | ${escape(String(value))} | \`${scenario}\` |`,
  );
  return [
    `## Observed (${count(observations.length, 'value')} that nobody specifies)`,
    ['| clause | what | value | scenario |', '|---|---|---|---|', ...rows].join('\n'),
  ];
}
