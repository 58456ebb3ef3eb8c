import { escapeMarkup } from '../report/escape-markup.ts';
import type { Comparison } from './comparison.ts';
import { describeDifference, describeSide, describeTest } from './describe-comparison.ts';
import { type Section, type SectionItem, sectionsOf } from './sections.ts';

/** One file without scripts or requests, light and dark; several comparisons (a run of several kinds) below each other. */
export function renderComparisonHtml(comparisons: readonly Comparison[]): string {
  const title = comparisons.map((comparison) => `${comparison.new.sku}: ${describeDifference(comparison)}`).join('; ');
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
${comparisons.map(renderOne).join('\n')}
</main>
</body>
</html>
`;
}

const STYLE = `
body{font:16px/1.5 system-ui,sans-serif;margin:0}
main{max-width:60rem;margin:0 auto;padding:1rem}
h1{line-height:1.2}h2{margin:1.5rem 0 .25rem;padding-left:.5rem;border-left:.3rem solid currentColor;font-size:1.15rem}
code{font-family:ui-monospace,monospace;font-size:.9em}
table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.25rem .75rem .25rem 0}
li{margin:.35rem 0}li li{margin:0;opacity:.75}
summary{cursor:pointer;margin:.75rem 0 0}
.bad{color:light-dark(#a3160f,#ff8f85)}.doubtful{color:light-dark(#7a4b00,#f5c26b)}.good{color:light-dark(#1a6e2e,#7bd88f)}
footer{margin-top:2rem;opacity:.75;font-size:.875rem}
`.trim();

function renderOne(comparison: Comparison): string {
  const { old, new: fresh, newFailures } = comparison;
  const tone = newFailures.length > 0 ? 'bad' : 'good';
  return `<article>
<h1 class="${tone}">${escapeMarkup(fresh.sku)}: ${escapeMarkup(describeDifference(comparison))}</h1>
<table><tbody>
<tr><th>old</th><td>${escapeMarkup(describeSide(old))}</td></tr>
<tr><th>new</th><td>${escapeMarkup(describeSide(fresh))}</td></tr>
</tbody></table>
${sectionsOf(comparison).map(renderSection).join('\n')}
${old.kind === 'run' ? `<footer>${escapeMarkup(describeTest(comparison.latencyTest))}</footer>` : ''}
</article>`;
}

function renderSection({ title, tone, items }: Section): string {
  const list = `<ul>\n${items.map(renderItem).join('\n')}\n</ul>`;
  if (tone !== 'plain') return `<section><h2 class="${tone}">${title} (${items.length})</h2>\n${list}</section>`;
  return `<details><summary>${title} (${items.length})</summary>\n${list}</details>`;
}

function renderItem({ names, text, details }: SectionItem): string {
  const head = [...names.map((name) => `<code>${escapeMarkup(name)}</code>`), escapeMarkup(text)].join(' ');
  const rest = details.map((detail) => `<li>${escapeMarkup(detail)}</li>`).join('');
  return `<li>${head}${rest === '' ? '' : `<ul>${rest}</ul>`}</li>`;
}
