import { describeChange, describeValues } from '../harness/report/describe-change.ts';
import { count, describeModule } from '../harness/report/describe-run.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import type { BaselineDifference } from '../harness/run/compare-baselines.ts';
import type { Paint, Tone } from './paint.ts';

/** Beyond this a terminal is no place to read them. */
const MAX_SHOWN = 30;

export interface BaselineToPrint {
  readonly path: string;
  readonly record: RunRecord;
  readonly difference: BaselineDifference;
}

/** What accepting a run would change in the baseline of its SKU. */
export function printBaselineDifference({ path, record, difference }: BaselineToPrint, paint: Paint): string {
  const { changed, observations, known, deviations } = difference;
  const found = ({ rule, clause, scenario = 'any scenario' }: { rule: string; clause: string; scenario?: string }) =>
    `${rule}  ${clause}  ${scenario}`;
  const observed = ({ clause, name, values }: (typeof observations.added)[number]) =>
    `${clause}  ${name}: ${describeValues(values)}`;
  const lines = [
    `${paint('strong', path)}, from the run of ${record.started} on ${describeModule(record)}`,
    ...list(
      'changed',
      changed.map((change) => `${change.clause}  ${describeChange(change)}`),
      'doubtful',
      paint,
    ),
    ...list('new', observations.added.map(observed), 'good', paint),
    ...list('gone', observations.gone.map(observed), 'doubtful', paint),
    ...list('newly known to fail', known.added.map(found), 'bad', paint),
    ...list('no longer known to fail', known.gone.map(found), 'good', paint),
    ...list('newly known to deviate', deviations.added.map(found), 'doubtful', paint),
    ...list('no longer known to deviate', deviations.gone.map(found), 'good', paint),
    ...warnings(record).map((warning) => paint('bad', warning)),
  ];
  return `${(lines.length === 1 ? [...lines, 'no difference'] : lines).join('\n')}\n`;
}

function list(title: string, items: readonly string[], tone: Tone, paint: Paint): string[] {
  if (items.length === 0) return [];
  const more = items.length > MAX_SHOWN ? [`  … and ${items.length - MAX_SHOWN} more`] : [];
  return [paint(tone, `${title} (${items.length})`), ...items.slice(0, MAX_SHOWN).map((item) => `  ${item}`), ...more];
}

/** A baseline is what a whole run says: what did not run in it is not watched. */
function warnings({ notRun, totals }: RunRecord): string[] {
  return [
    ...(notRun.length > 0
      ? [`${count(notRun.length, 'scenario')} did not run: what they observe will not be watched`]
      : []),
    ...(totals.inconclusive > 0 ? [`${count(totals.inconclusive, 'scenario')} came to no verdict`] : []),
  ];
}
