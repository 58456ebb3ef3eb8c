import { expect, test } from '@jest/globals';
import { EXIT, type ExitCode, pickExitCode } from './exit-code.ts';

test('a run to which nothing applies has passed', () => {
  expect(pickExitCode([])).toBe(0);
});

test.each<[ExitCode, ExitCode]>([
  [EXIT.harnessBug, EXIT.usage],
  [EXIT.usage, EXIT.locked],
  [EXIT.locked, EXIT.interrupted],
  [EXIT.terminated, EXIT.moduleFailed],
  [EXIT.interrupted, EXIT.moduleFailed],
  [EXIT.moduleFailed, EXIT.rigFailed],
  [EXIT.rigFailed, EXIT.flaky],
  [EXIT.flaky, EXIT.nothingRan],
  [EXIT.nothingRan, EXIT.passed],
])('%i hides %i, in whichever order they come', (winner, loser) => {
  expect(pickExitCode([winner, loser])).toBe(winner);
  expect(pickExitCode([loser, winner])).toBe(winner);
});
