import { type CheckResult, examine } from '../harness/bench/doctor/examine.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { type DoctorWords, doctorTarget } from './doctor-target.ts';
import { type Paint, paintFor } from './paint.ts';

export interface DoctorArguments extends DoctorWords {
  readonly json: boolean;
}

const MARKS = { good: ['✓', 'good'], bad: ['✗', 'bad'], skipped: ['-', 'faint'] } as const;

/** @returns the exit code: 3 if anything is to be mended */
export async function doctor({ json, ...words }: DoctorArguments): Promise<number> {
  const paint = paintFor(process.stdout);
  await using target = await doctorTarget(words);
  const results = await examine(target.options, (result) => {
    if (!json) process.stdout.write(`${describe(result, paint)}\n`);
  });
  process.stdout.write(json ? `${JSON.stringify(results, null, 2)}\n` : `${conclude(results, paint)}\n`);
  return results.some(({ state }) => state === 'bad') ? EXIT.rigFailed : EXIT.passed;
}

function describe({ check, state, saw, mend }: CheckResult, paint: Paint): string {
  const [mark, tone] = MARKS[state];
  const line = `${paint(tone, mark)} ${check.padEnd(14)} ${state === 'skipped' ? paint('faint', saw) : saw}`;
  return mend === undefined ? line : `${line}\n  ${''.padEnd(14)} to mend it: ${mend}`;
}

function conclude(results: readonly CheckResult[], paint: Paint): string {
  const bad = results.filter(({ state }) => state === 'bad').map(({ check }) => check);
  if (bad.length === 0) return paint('good', 'ready for a run');
  return paint('bad', `to be mended before a run: ${bad.join(', ')}`);
}
