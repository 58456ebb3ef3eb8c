import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { count } from '../harness/report/describe-run.ts';
import type { CheckedTimeline } from '../harness/run/check-timeline.ts';
import { EXIT, pickExitCode } from '../harness/run/exit-code.ts';
import { JudgeApart } from './judge-apart.ts';
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
  const asked = { rules, strict, since: since === undefined ? undefined : readSince(since) };
  const checked: (CheckedTimeline & { readonly path: string })[] = [];
  const paths = timelines.flatMap(timelinesAt);
  await using judge = new JudgeApart();
  for (const path of paths) {
    const result = await judge.check({ path, ...asked });
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
