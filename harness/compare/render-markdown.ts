import { escapeMarkdown } from '../report/escape-markdown.ts';
import type { Comparison } from './comparison.ts';
import { describeDifference, describeSide, describeTest } from './describe-comparison.ts';
import { type Section, type SectionItem, sectionsOf } from './sections.ts';

/** For a pull request: the answer first, what matters open, the rest folded away. */
export function renderComparisonMarkdown(comparison: Comparison): string {
  const { old, new: fresh } = comparison;
  const parts = [
    `### ${escapeMarkdown(fresh.sku)}: ${describeDifference(comparison)}`,
    `| | |\n|---|---|\n| old | ${escapeMarkdown(describeSide(old))} |\n| new | ${escapeMarkdown(describeSide(fresh))} |`,
    ...sectionsOf(comparison).map(renderSection),
    ...(old.kind === 'run' ? [`<sub>${describeTest(comparison.latencyTest)}</sub>`] : []),
  ];
  return `${parts.join('\n\n')}\n`;
}

function renderSection({ title, tone, items }: Section): string {
  const list = items.map(renderItem).join('\n');
  if (tone !== 'plain') return `**${title}**\n\n${list}`;
  return `<details><summary>${title} (${items.length})</summary>\n\n${list}\n\n</details>`;
}

function renderItem({ names, text, details }: SectionItem): string {
  const head = [...names.map((name) => `\`${name}\``), escapeMarkdown(text)].join(' ');
  return [`- ${head}`, ...details.map((detail) => `  - ${escapeMarkdown(detail)}`)].join('\n');
}
