import {
  describeCommand,
  describeCoverage,
  describeModule,
  describeSpan,
  describeTotals,
  describeVerdict,
} from './describe-run.ts';
import { embedJson } from './embed-json.ts';
import { escapeMarkup } from './escape-markup.ts';
import type { Evidence, PageBundle, TimelineEvidence } from './evidence.ts';
import { DATA_ELEMENT, PAGE_ELEMENT, type PageData, type PageTimeline } from './page-data.ts';
import { adviseOn } from './release-advice.ts';
import type { RecordedOutcome, RunRecord } from './run-record.ts';

/**
 * One file that asks nothing of a network: the front end, the record as JSON, timelines packed.
 *
 * What decides also stands in it as plain markup: it is seen before the script has run, and where scripts are forbidden.
 */
export function renderHtml(record: RunRecord, evidence: Evidence, bundle: PageBundle): string {
  const { timelines, comparison } = evidence;
  const data: PageData = { record, comparison, timelines: timelines.map(withoutLines) };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy(bundle)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(`${record.module.sku} ${record.module.revision}: ${describeVerdict(record)}`)}</title>
<style>${bundle.style}</style>
</head>
<body>
<div id="${PAGE_ELEMENT}">
${renderPlainly(record)}
</div>
<script type="application/json" id="${DATA_ELEMENT}">${embedJson(data)}</script>
<script>${bundle.script}</script>
${timelines.map(renderLines).join('')}</body>
</html>
`;
}

/** Nothing may be fetched, sent or run but what is in this file. */
function policy({ scriptHash, styleHash }: PageBundle): string {
  return `default-src 'none'; script-src '${scriptHash}'; style-src '${styleHash}'; base-uri 'none'; form-action 'none'`;
}

function withoutLines({ packed, ...facts }: TimelineEvidence, index: number): PageTimeline {
  return packed === undefined ? facts : { ...facts, element: elementOf(index) };
}

/** Base64 holds nothing that HTML reads. */
function renderLines({ packed }: TimelineEvidence, index: number): string {
  return packed === undefined ? '' : `<script type="text/plain" id="${elementOf(index)}">${packed}</script>\n`;
}

function elementOf(index: number): string {
  return `timeline-${index}`;
}

function renderPlainly(record: RunRecord): string {
  const { headline, reason, tone } = adviseOn(record);
  const facts: readonly (readonly [string, string])[] = [
    ['module', describeModule(record)],
    ['result', describeTotals(record.totals)],
    ['clauses', describeCoverage(record.coverage)],
    ['run', `${record.started}, ${describeSpan(record)}, seed ${record.seed}, exit code ${record.exitCode}`],
    ['again', describeCommand(record)],
  ];
  const failed = record.outcomes.filter(({ outcome }) => outcome === 'fail' || outcome === 'inconclusive');
  return `<main class="plain">
<section class="answer ${tone}">
<p class="who">${escapeMarkup(`${record.module.sku} · ${record.module.revision}`)}</p>
<h1>${escapeMarkup(headline)}</h1>
<p class="reason">${escapeMarkup(reason)}</p>
</section>
<table><tbody>
${facts.map(([name, value]) => `<tr><th scope="row">${name}</th><td>${escapeMarkup(value)}</td></tr>`).join('\n')}
</tbody></table>
<ul>
${failed.map(renderFailed).join('\n')}
</ul>
<noscript><p>Scripts are off here: the evidence, as charts, shows where they are on. Keep this file and open it from your disk.</p></noscript>
</main>`;
}

function renderFailed({ scenario, outcome, why, findings }: RecordedOutcome): string {
  const lines = findings.map(({ rule, clause, message }) => `${rule} (${clause}): ${message}`);
  const text = [...(why === undefined ? [] : [why]), ...lines].join('; ');
  return `<li><b>${outcome}</b> <code>${escapeMarkup(scenario)}</code> ${escapeMarkup(text)}</li>`;
}
