import { compareWith } from '../harness/compare/compare-with.ts';
import type { Comparison } from '../harness/compare/comparison.ts';
import { referenceFromRun } from '../harness/compare/reference-from-run.ts';
import { renderComparisonHtml } from '../harness/compare/render-html.ts';
import { renderComparisonMarkdown } from '../harness/compare/render-markdown.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { findRunRecords } from '../harness/run/find-run-records.ts';
import { pairRecords } from '../harness/run/pair-records.ts';
import { readBaselines } from '../harness/run/read-baselines.ts';
import type { CompareArguments } from './compare-command.ts';
import { compareWithBaseline } from './compare-with-baseline.ts';
import { paintFor } from './paint.ts';
import { printComparison } from './print-comparison.ts';
import { readOnce } from './read-option.ts';
import { usageError } from './usage-error.ts';
import { writeOutput } from './write-output.ts';

/** @returns the exit code: 1 if anything failed that had not before */
export function compare(given: CompareArguments): number {
  if (given.json && given.markdown) throw usageError('--json and --markdown exclude each other');
  const html = readOnce('html', given.html);
  const comparisons = given.new === undefined ? againstBaseline(given) : betweenRuns(given.old, given.new, given);
  if (html !== undefined) writeOutput(html, renderComparisonHtml(comparisons));
  process.stdout.write(render(comparisons, given));
  return comparisons.some((comparison) => isWorse(comparison, given)) ? EXIT.moduleFailed : EXIT.passed;
}

function betweenRuns(before: string, now: string, { baseline }: CompareArguments): readonly Comparison[] {
  if (baseline !== undefined) throw usageError('--baseline takes the place of one of the two runs: name only one');
  const { pairs, unpaired } = pairRecords(findRunRecords(before), findRunRecords(now));
  for (const what of unpaired) process.stderr.write(`qlhil: ${what}\n`);
  return pairs.map(({ old, fresh }) => compareWith(referenceFromRun(old.record), fresh.record));
}

function againstBaseline({ old: run, baseline: named }: CompareArguments): readonly Comparison[] {
  const own = readBaselines(readOnce('baseline', named));
  return findRunRecords(run).map(({ record }) => {
    const comparison = compareWithBaseline(record, own);
    if (comparison !== undefined) return comparison;
    throw usageError(`there is no baseline of ${record.module.sku}: accept a run with qlhil baseline accept`);
  });
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
