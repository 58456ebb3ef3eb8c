import { benchHost } from '../harness/bench/discovery/bench-host.ts';
import { type CheckResult, examine } from '../harness/bench/doctor/examine.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { type Paint, paintFor } from './paint.ts';

export interface DoctorArguments {
  readonly usb: string | undefined;
  readonly json: boolean;
  readonly root: string | undefined;
}

const MARKS = { good: ['✓', 'good'], bad: ['✗', 'bad'], skipped: ['-', 'faint'] } as const;

/** @returns the exit code: 3 if anything is to be mended */
export async function doctor({ usb, json, root }: DoctorArguments): Promise<number> {
  const paint = paintFor(process.stdout);
  const results = await examine(
    {
      host: benchHost('qlhil doctor', root),
      folder: process.cwd(),
      nowMs: () => Date.now(),
      ...(usb === undefined ? {} : { usbPath: usb }),
    },
    (result) => {
      if (!json) process.stdout.write(`${describe(result, paint)}\n`);
    },
  );
  if (json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  return results.some(({ state }) => state === 'bad') ? EXIT.rigFailed : EXIT.passed;
}

function describe({ check, state, saw, mend }: CheckResult, paint: Paint): string {
  const [mark, tone] = MARKS[state];
  const line = `${paint(tone, mark)} ${check.padEnd(14)} ${state === 'skipped' ? paint('faint', saw) : saw}`;
  return mend === undefined ? line : `${line}\n  ${''.padEnd(14)} to mend it: ${mend}`;
}
