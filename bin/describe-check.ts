import type { CheckResult } from '../harness/bench/doctor/examine.ts';
import type { Paint } from './paint.ts';

const MARKS = { good: ['✓', 'good'], bad: ['✗', 'bad'], skipped: ['-', 'faint'] } as const;

/** What a check of the doctor saw, and how to mend it. */
export function describeCheck({ check, state, saw, mend }: CheckResult, paint: Paint): string {
  const [mark, tone] = MARKS[state];
  const line = `${paint(tone, mark)} ${check.padEnd(14)} ${state === 'skipped' ? paint('faint', saw) : saw}`;
  return mend === undefined ? line : `${line}\n  ${''.padEnd(14)} to mend it: ${mend}`;
}
