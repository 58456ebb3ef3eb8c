import { formatDuration } from './format-duration.ts';
import { AFTER_LAST_SCENARIO, type ClauseCoverage, type RunRecord, type Totals } from './run-record.ts';

/** The sentences and figures that all reports share. */

export function describeModule({ module, lanes }: RunRecord): string {
  const copies = lanes.length > 1 ? ` × ${lanes.length}` : '';
  return `${module.sku} ${module.revision} (${module.spec}${copies}; SDK ${module.sdk}, shim ${module.shim}, IMEI ${module.imei})`;
}

/** `40 scenarios: 38 passed, 1 failed, 1 skipped`; kinds without any are left out but for passed and failed. */
export function describeTotals(totals: Totals): string {
  const parts = [
    `${totals.pass} passed`,
    `${totals.fail} failed`,
    ...some(totals.inconclusive, 'inconclusive'),
    ...some(totals.knownFailure, 'known to fail'),
    ...some(totals.skipped, 'skipped'),
    ...some(totals.notRun, 'not run'),
  ];
  return `${count(totals.scenarios, 'scenario')}: ${parts.join(', ')}`;
}

function some(number: number, what: string): string[] {
  return number === 0 ? [] : [`${number} ${what}`];
}

export function describeCoverage(coverage: readonly ClauseCoverage[]): string {
  const exercised = coverage.filter((clause) => clause.exercised > 0 || clause.violated > 0);
  const violated = coverage.filter((clause) => clause.violated > 0).map(({ clause }) => clause);
  const names = violated.length === 0 ? '' : ` (${violated.join(', ')})`;
  const never = coverage.length - exercised.length;
  return `${exercised.length} of ${coverage.length} exercised, ${violated.length} violated${names}, ${never} never exercised`;
}

export function describeSpan({ started, ended }: RunRecord): string {
  return formatDuration(Date.parse(ended) - Date.parse(started));
}

/** What to paste into a shell to do it again. */
export function describeCommand({ command }: RunRecord): string {
  return without(command, FOLDER).map(quoteWord).join(' ');
}

function quoteWord(word: string): string {
  return /^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`;
}

/** Of a known failure that has begun to pass. */
export function describeHealed({ rule, clause, scenario, reason }: RunRecord['knownFailures'][number]): string {
  const where = scenario === undefined ? '' : ` in ${scenario}`;
  return `the known failure of ${rule} (${clause})${where} passes: strike it off the list (its reason was: ${reason})`;
}

/** The one word that decides. */
export function describeVerdict({ exitCode, totals, changes }: RunRecord): string {
  const asides = [
    ...(totals.deviations > 0 ? [count(totals.deviations, 'deviation')] : []),
    ...(changes.length > 0 ? [count(changes.length, 'change')] : []),
  ];
  switch (exitCode) {
    case 0:
      return asides.length === 0 ? 'passed' : `passed, with ${asides.join(' and ')}`;
    case 1:
      return 'failed';
    case 3:
      return 'inconclusive';
    case 4:
      return 'no verdict: the harness broke';
    case 5:
      return 'no verdict: nothing ran';
    case 6:
      return 'flaky';
    default:
      return 'no verdict: ended early';
  }
}

export function count(number: number, noun: string, plural = `${noun}s`): string {
  return `${number} ${number === 1 ? noun : plural}`;
}

/** Options of `run` that choose scenarios, and those that name a folder that exists by now. */
const CHOOSING: ReadonlySet<string> = new Set(['--grep', '-g', '--clause', '--profile', '--shard', '--max-duration']);
const FOLDER: ReadonlySet<string> = new Set(['--out', '-o']);

/** What to paste into a shell to do one scenario again: the run's own words, with its seed, for this scenario alone if it can be. */
export function describeScenarioCommand({ command }: Pick<RunRecord, 'command'>, scenario: string): string {
  if (scenario === AFTER_LAST_SCENARIO) return without(command, FOLDER).map(quoteWord).join(' ');
  const kept = without(without(command, FOLDER), CHOOSING);
  return [...kept, '--grep', `^${escapePattern(scenario)}$`].map(quoteWord).join(' ');
}

/** What to paste into a shell, in the run's folder, to judge an attempt again. */
export function describeCheckCommand(timeline: string): string {
  return `qlhil check ${quoteWord(timeline)}`;
}

function without(command: readonly string[], options: ReadonlySet<string>): readonly string[] {
  return command.filter(
    (word, index) => !options.has(word.replace(/=.*$/su, '')) && !options.has(command[index - 1] ?? ''),
  );
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/gu, String.raw`\$&`);
}
