import type { Comparison } from '../harness/compare/comparison.ts';
import { describeDifference, describeSide, describeTest } from '../harness/compare/describe-comparison.ts';
import { type Section, type SectionItem, type SectionTone, sectionsOf } from '../harness/compare/sections.ts';
import type { Paint, Tone } from './paint.ts';

/** Beyond this a terminal is no place to read them. */
const MAX_SHOWN = 20;
const MARKS: Readonly<Record<SectionTone, readonly [string, Tone]>> = {
  bad: ['✗', 'bad'],
  doubtful: ['~', 'doubtful'],
  good: ['✓', 'good'],
  plain: ['·', 'faint'],
};

/** A comparison for a terminal: the gravest first, the answer last, where the eye is. */
export function printComparison(comparison: Comparison, paint: Paint): string {
  const { old, new: fresh, newFailures } = comparison;
  const tone = newFailures.length > 0 ? 'bad' : 'good';
  const lines = [
    ...sectionsOf(comparison).flatMap((section) => printSection(section, paint).concat('')),
    `old      ${describeSide(old)}`,
    `new      ${describeSide(fresh)}`,
    ...(old.kind === 'run' ? [`latency  ${paint('faint', describeTest(comparison.latencyTest))}`] : []),
    `result   ${paint(tone, describeDifference(comparison))}`,
  ];
  return `${lines.join('\n')}\n`;
}

function printSection({ title, tone, items }: Section, paint: Paint): string[] {
  const [mark, markTone] = MARKS[tone];
  const lines = items.slice(0, MAX_SHOWN).flatMap((item) => printItem(item, paint(markTone, mark), paint));
  const more = items.length > MAX_SHOWN ? [`  … and ${items.length - MAX_SHOWN} more`] : [];
  return [paint('strong', `${title} (${items.length})`), ...lines, ...more];
}

function printItem({ names, text, details }: SectionItem, mark: string, paint: Paint): string[] {
  const head = [...names.map((name) => paint('strong', name)), text].join('  ');
  return [`${mark} ${head}`, ...details.map((detail) => `    ${paint('faint', detail)}`)];
}
