import type { Finding } from '../run/outcome.ts';
import {
  describeCommand,
  describeCoverage,
  describeHealed,
  describeModule,
  describeSpan,
  describeTotals,
  describeVerdict,
} from './describe-run.ts';
import { escapeMarkup } from './escape-markup.ts';
import { formatDuration } from './format-duration.ts';
import type { ClauseCoverage, RecordedOutcome, RunRecord } from './run-record.ts';

/** One file without scripts or requests: opens from a CI artefact, light and dark. */
export function renderHtml(record: RunRecord): string {
  const title = `${record.module.sku} ${record.module.revision}: ${describeVerdict(record)}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1 class="${record.exitCode === 0 ? 'pass' : 'fail'}">${escapeMarkup(title)}</h1>
${renderFacts(record)}
${renderTrouble(record)}
<h2>Scenarios</h2>
${record.outcomes.toSorted(byGravity).map(renderOutcome).join('\n')}
<h2>Clauses</h2>
<table>
<thead><tr><th>clause</th><th>says</th><th>kind</th><th>exercised</th><th>violated</th></tr></thead>
<tbody>
${record.coverage.map(renderClause).join('\n')}
</tbody>
</table>
${renderObservations(record)}
</main>
</body>
</html>
`;
}

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;margin:0}
main{max-width:70rem;margin:0 auto;padding:1rem}
code{font-family:ui-monospace,monospace;font-size:.9em}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.25rem .5rem;border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent)}
details{border-bottom:1px solid color-mix(in srgb,currentColor 20%,transparent);padding:.25rem 0}
summary{cursor:pointer}
.pass{color:light-dark(#1a6e2e,#7bd88f)}.fail{color:light-dark(#a3160f,#ff8f85)}
.inconclusive,.known-failure,.deviation{color:light-dark(#7a4b00,#f5c26b)}.skipped,.never{opacity:.7}
`.trim();

function renderFacts(record: RunRecord): string {
  const { started, seed, exitCode, harness, host } = record;
  const version = harness.commit === null ? harness.version : `${harness.version} (${harness.commit.slice(0, 12)})`;
  const facts: readonly (readonly [string, string])[] = [
    ['module', describeModule(record)],
    ['result', describeTotals(record.totals)],
    ['clauses', describeCoverage(record.coverage)],
    ['run', `${started}, ${describeSpan(record)}, seed ${seed}, exit code ${exitCode}`],
    ['again', describeCommand(record)],
    ['harness', `ql-mqtt-hil ${version} on ${host.platform}, Node ${host.node}`],
  ];
  const rows = facts.map(([name, value]) => `<tr><th>${name}</th><td>${escapeMarkup(value)}</td></tr>`);
  return `<table><tbody>\n${rows.join('\n')}\n</tbody></table>`;
}

function renderTrouble({ problems, notRun, knownFailures }: RunRecord): string {
  const lines = [
    ...problems.map(({ where, message }) => `the harness broke in ${where}: ${message}`),
    ...notRun.map(({ scenario, why }) => `${scenario} did not run: ${why}`),
    ...knownFailures.filter(({ isHealed }) => isHealed).map(describeHealed),
  ];
  if (lines.length === 0) return '';
  return `<h2>Beside the scenarios</h2>\n<ul>\n${lines.map((line) => `<li>${escapeMarkup(line)}</li>`).join('\n')}\n</ul>`;
}

const GRAVITY = ['fail', 'inconclusive', 'known-failure', 'pass', 'skipped'];

function byGravity(a: RecordedOutcome, b: RecordedOutcome): number {
  return rank(a) - rank(b);
}

function rank({ outcome, findings }: RecordedOutcome): number {
  return GRAVITY.indexOf(outcome) - (findings.length > 0 ? 0.5 : 0);
}

function renderOutcome(outcome: RecordedOutcome): string {
  const { scenario, title, clauses, findings, attempts, why, missing, durationMs } = outcome;
  const reason = why ?? (missing === undefined ? undefined : `missing: ${missing}`);
  const open = outcome.outcome === 'fail' || outcome.outcome === 'inconclusive' ? ' open' : '';
  const lines = [
    `<li>${escapeMarkup(title)}</li>`,
    `<li>clauses: ${clauses.map(code).join(' ')}</li>`,
    ...(reason === undefined ? [] : [`<li>${escapeMarkup(reason)}</li>`]),
    ...findings.map(renderFinding),
    ...attempts.map(
      ({ attempt, outcome: ended, durationMs: took, timeline }) =>
        `<li>attempt ${attempt}: ${ended} in ${formatDuration(took)}, <a href="${escapeMarkup(encodeURI(timeline))}">timeline</a></li>`,
    ),
  ];
  const headline = `<span class="${outcome.outcome}">${outcome.outcome}</span> ${code(scenario)} ${formatDuration(durationMs)}`;
  return `<details${open}><summary>${headline}</summary><ul>${lines.join('\n')}</ul></details>`;
}

function renderFinding({ rule, clause, kind, message, events }: Finding): string {
  const word = kind === 'inferred' ? 'deviation' : 'finding';
  const where = events.length === 0 ? '' : ` (events ${events.join(', ')})`;
  const style = kind === 'inferred' ? 'deviation' : 'fail';
  return `<li class="${style}">${word}: ${escapeMarkup(message)}: rule ${code(rule)}, clause ${code(clause)}${where}</li>`;
}

function renderClause({ clause, says, source, kind, exercised, violated }: ClauseCoverage): string {
  const tone = violatedTone(exercised, violated);
  const cells = [code(clause), escapeMarkup(source === '' ? says : `${says} [${source}]`), kind, exercised, violated];
  return `<tr class="${tone}">${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

function violatedTone(exercised: number, violated: number): string {
  if (violated > 0) return 'fail';
  return exercised > 0 ? 'hit' : 'never';
}

function renderObservations({ observations }: RunRecord): string {
  if (observations.length === 0) return '';
  const rows = observations.map(({ clause, name, value, scenario }) => {
    const cells = [code(clause), escapeMarkup(name), escapeMarkup(String(value)), code(scenario)];
    return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
  });
  return `<h2>Observed, where nobody specifies</h2>
<table><thead><tr><th>clause</th><th>what</th><th>value</th><th>scenario</th></tr></thead><tbody>
${rows.join('\n')}
</tbody></table>`;
}

function code(text: string): string {
  return `<code>${escapeMarkup(text)}</code>`;
}
