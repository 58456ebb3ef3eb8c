import { allRules } from '../harness/oracle/rules/all-rules.ts';
import { count } from '../harness/report/describe-run.ts';
import { type CheckedTimeline, checkTimeline } from '../harness/run/check-timeline.ts';
import { EXIT, pickExitCode } from '../harness/run/exit-code.ts';
import { clauseKind } from '../scenarios/clauses/all-clauses.ts';
import { type Paint, paintFor } from './paint.ts';
import { proveFinding } from './prove-finding.ts';

export interface CheckArguments {
  readonly timelines: readonly string[];
  readonly strict: boolean;
  readonly json: boolean;
}

const EXIT_OF = { pass: EXIT.passed, fail: EXIT.moduleFailed, inconclusive: EXIT.rigFailed } as const;

/** @returns the exit code */
export async function check({ timelines, strict, json }: CheckArguments): Promise<number> {
  const paint = paintFor(process.stdout);
  const checked: (CheckedTimeline & { readonly path: string })[] = [];
  for (const path of timelines) {
    const result = await checkTimeline(path, { rules: allRules, clauseKind, strict });
    checked.push({ path, ...result });
    if (!json) process.stdout.write(await describe(path, result, paint));
  }
  if (json) process.stdout.write(`${JSON.stringify(checked.map(toJson), null, 2)}\n`);
  return pickExitCode(checked.map(({ verdict }) => EXIT_OF[verdict.outcome]));
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
