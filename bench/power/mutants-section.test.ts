import { expect, test } from '@jest/globals';
import type { MutantResult } from '../mutants/result.ts';
import { mutantsSection, mutantsSentence } from './mutants-section.ts';

const mutant = (line: number, rest: Partial<MutantResult>): MutantResult => ({
  id: `a.c:${line}`,
  kind: 'negate',
  file: 'a.c',
  line,
  before: 'if (a | b)',
  after: 'if (!(a | b))',
  verdict: 'survived',
  ...rest,
});
const KILL = { sdk: 'manual', by: 'area', scenario: 's/x', rule: 'CB-01', clause: 'M-2', kind: 'specified' } as const;
const results = [
  mutant(1, { verdict: 'killed', kill: KILL }),
  mutant(2, { verdict: 'killed', kill: { ...KILL, by: 'suite' } }),
  mutant(3, { verdict: 'unstarted', kind: 'drop' }),
  mutant(4, {}),
  mutant(5, { kind: 'swap' }),
  mutant(6, { verdict: 'same' }),
  mutant(7, { verdict: 'uncompiled' }),
  mutant(8, { verdict: 'pending' }),
  mutant(9, { verdict: 'undecided', why: 'a scenario was inconclusive' }),
];
const report = {
  header: { schema: 'qlhil-mutants/1', seed: 1, client: 'abc' } as const,
  results,
  reasons: new Map([['a.c:4', { is: 'equivalent', why: 'both ways lead there' } as const]]),
};

test('what is no mutant is not counted, nor what has not been asked to the end', () => {
  expect(mutantsSentence(report)).toMatch(
    /Of 6 .* notice 3; of the others 1 change nothing .*, 0 lie .*, 0 change what nobody specifies.*, and 0 are holes\.$/u,
  );
  expect(mutantsSection(report)).toContain('3 of 6 killed');
  expect(mutantsSection(report)).toContain('1 by the scenarios of their area, 1 by others, 1 did not even start');
  expect(mutantsSection(report)).toContain('3 survive');
  expect(mutantsSection(report)).toContain('1 have not been asked to the end');
});

test('each survivor has its reason, and one without stands out', () => {
  const section = mutantsSection(report);

  expect(section).toContain('| a.c:4 | `if (a \\| b)` → `if (!(a \\| b))` | equivalent: both ways lead there |');
  expect(section).toContain('**not explained**');
  expect(section).toContain('| a.c:9 | `if (a \\| b)` → `if (!(a \\| b))` | a scenario was inconclusive |');
});
