import { type CheckResult, examine } from '../harness/bench/doctor/examine.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { describeCheck } from './describe-check.ts';
import { type DoctorWords, doctorTarget } from './doctor-target.ts';
import { type Paint, paintFor } from './paint.ts';

export interface DoctorArguments extends DoctorWords {
  readonly json: boolean;
  readonly transcript: string | undefined;
}

/** @returns the exit code: 3 if anything is to be mended */
export async function doctor({ json, ...words }: Omit<DoctorArguments, 'transcript'>): Promise<number> {
  const paint = paintFor(process.stdout);
  await using target = await doctorTarget(words);
  const results = await examine(target.options, (result) => {
    if (!json) process.stdout.write(`${describeCheck(result, paint)}\n`);
  });
  process.stdout.write(json ? `${JSON.stringify(results, null, 2)}\n` : `${conclude(results, paint)}\n`);
  return results.some(({ state }) => state === 'bad') ? EXIT.rigFailed : EXIT.passed;
}

function conclude(results: readonly CheckResult[], paint: Paint): string {
  const bad = results.filter(({ state }) => state === 'bad').map(({ check }) => check);
  if (bad.length === 0) return paint('good', 'ready for a run');
  return paint('bad', `to be mended before a run: ${bad.join(', ')}`);
}
