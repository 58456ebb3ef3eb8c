import { compareWith } from '../harness/compare/compare-with.ts';
import type { Comparison } from '../harness/compare/comparison.ts';
import { referenceFromRun } from '../harness/compare/reference-from-run.ts';
import { renderComparisonHtml } from '../harness/compare/render-html.ts';
import { renderComparisonMarkdown } from '../harness/compare/render-markdown.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { findRunRecords } from '../harness/run/find-run-records.ts';
import { pairRecords } from '../harness/run/pair-records.ts';
import type { CompareArguments } from './compare-command.ts';
import { paintFor } from './paint.ts';
import { printComparison } from './print-comparison.ts';
import { readOnce } from './read-option.ts';
import { usageError } from './usage-error.ts';
import { writeOutput } from './write-output.ts';

/** @returns the exit code: 1 if anything failed that had not before */
export function compare(given: CompareArguments): number {
  if (given.json && given.markdown) throw usageError('--json and --markdown exclude each other');
  const { pairs, unpaired } = pairRecords(findRunRecords(given.old), findRunRecords(given.new));
  for (const what of unpaired) process.stderr.write(`qlhil: ${what}\n`);
  const comparisons = pairs.map(({ old, fresh }) => compareWith(referenceFromRun(old.record), fresh.record));
  const html = readOnce('html', given.html);
  if (html !== undefined) writeOutput(html, renderComparisonHtml(comparisons));
  process.stdout.write(render(comparisons, given));
  return comparisons.some((comparison) => isWorse(comparison, given)) ? EXIT.moduleFailed : EXIT.passed;
}

function render(comparisons: readonly Comparison[], { json, markdown }: CompareArguments): string {
  if (json) return `${JSON.stringify(comparisons.length === 1 ? comparisons[0] : comparisons, null, 2)}\n`;
  if (markdown) return comparisons.map(renderComparisonMarkdown).join('\n');
  const paint = paintFor(process.stdout);
  return comparisons.map((comparison) => printComparison(comparison, paint)).join('\n');
}

function isWorse({ newFailures, changed, deviations }: Comparison, given: CompareArguments): boolean {
  if (newFailures.length > 0) return true;
  return (given['fail-on-change'] && changed.length > 0) || (given.strict && deviations.length > 0);
}
