import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findClosestName } from '../harness/bench/closest-name.ts';
import { allRelations } from '../harness/oracle/relations/all-relations.ts';
import { allRules } from '../harness/oracle/rules/all-rules.ts';
import { count } from '../harness/report/describe-run.ts';
import { type CheckedTimeline, type CheckOptions, checkTimeline } from '../harness/run/check-timeline.ts';
import { EXIT, pickExitCode } from '../harness/run/exit-code.ts';
import { clauseKind } from '../scenarios/clauses/all-clauses.ts';
import { type Paint, paintFor } from './paint.ts';
import { proveFinding } from './prove-finding.ts';
import { readSince } from './read-option.ts';
import { usageError } from './usage-error.ts';

export interface CheckArguments {
  readonly timelines: readonly string[];
  readonly strict: boolean;
  /** Ids, with commas between; all if left out. */
  readonly rules: string | undefined;
  readonly since: string | undefined;
  readonly json: boolean;
}

const EXIT_OF = { pass: EXIT.passed, fail: EXIT.moduleFailed, inconclusive: EXIT.rigFailed } as const;

/** @returns the exit code */
export async function check({ timelines, strict, rules, since, json }: CheckArguments): Promise<number> {
  const paint = paintFor(process.stdout);
  const options: CheckOptions = {
    ...chosenRules(rules),
    ...(since === undefined ? {} : { since: readSince(since) }),
    clauseKind,
    strict,
  };
  const checked: (CheckedTimeline & { readonly path: string })[] = [];
  for (const path of timelines.flatMap(timelinesAt)) {
    const result = await checkTimeline(path, options);
    checked.push({ path, ...result });
    if (!json) process.stdout.write(await describe(path, result, paint));
  }
  if (json) process.stdout.write(`${JSON.stringify(checked.map(toJson), null, 2)}\n`);
  return pickExitCode(checked.map(({ verdict }) => EXIT_OF[verdict.outcome]));
}

/** A file as it is; of a run's folder, or of any other, the timelines in it. @throws HarnessError CONFIGURATION — there are none */
function timelinesAt(path: string): readonly string[] {
  if (!existsSync(path) || !statSync(path).isDirectory()) return [path];
  const ofRun = join(path, 'timelines');
  const folder = existsSync(ofRun) ? ofRun : path;
  const names = readdirSync(folder).filter((name) => name.endsWith('.ndjson'));
  if (names.length === 0) throw usageError(`${folder}: there is no timeline (*.ndjson) in it`);
  return names.toSorted().map((name) => join(folder, name));
}

/** The rules and relations of these ids. @throws HarnessError CONFIGURATION — one is not known */
function chosenRules(ids: string | undefined): Pick<CheckOptions, 'rules' | 'relations' | 'expectations'> {
  if (ids === undefined) return { rules: allRules, relations: allRelations };
  const wanted = new Set(ids.split(',').map((id) => id.trim().toUpperCase()));
  const known = [...allRules, ...allRelations].map(({ id }) => id);
  for (const id of wanted) {
    if (known.includes(id)) continue;
    const closest = findClosestName(id, known);
    throw usageError(
      `no rule is called '${id}'${closest === undefined ? '' : `; did you mean ${closest}?`} (qlhil list rules)`,
    );
  }
  return {
    rules: allRules.filter(({ id }) => wanted.has(id)),
    relations: allRelations.filter(({ id }) => wanted.has(id)),
    expectations: false,
  };
}

function toJson({ path, header, verdict, isTorn }: CheckedTimeline & { readonly path: string }): object {
  return { timeline: path, scenario: header.scenario.id, attempt: header.attempt, isTorn, ...verdict };
}

const MARKS = { pass: ['✓', 'good'], fail: ['✗', 'bad'], inconclusive: ['?', 'doubtful'] } as const;

async function describe(path: string, { header, verdict, isTorn }: CheckedTimeline, paint: Paint): Promise<string> {
  const [mark, tone] = MARKS[verdict.outcome];
  const exercised = Object.values(verdict.exercised).filter((times) => times > 0).length;
  const lines = [
    `${paint(tone, mark)} ${header.scenario.id}  ${paint('faint', `${path}; ${count(exercised, 'rule')} exercised`)}`,
    ...(isTorn ? [paint('doubtful', '  the last line is cut short')] : []),
    ...verdict.troubles.map((trouble) => paint('doubtful', `  ${trouble}`)),
  ];
  for (const finding of verdict.findings) lines.push(await proveFinding(finding, path, paint));
  return `${lines.join('\n')}\n`;
}
