import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readVirtualCatalogue } from '../../harness/bench/virtual-catalogue.ts';
import type { TriedDefect } from '../../harness/mutate/tried-defect.ts';
import { defectsSection, defectsSentence, mergeReports } from './defects-section.ts';

function tried(
  name: string,
  kill: { readonly clause: string; readonly kind: 'specified' | 'inferred' } | null,
): TriedDefect {
  const killedBy =
    kill === null
      ? null
      : { ...kill, rule: 'R-1', scenario: 'a/b', message: '', isItsClause: kill.clause === 'M-1', key: '' };
  return { name, family: 'wire', clause: 'M-1', gloss: 'x|y', killedBy, told: [], scenarios: 1, durationMs: 1 };
}

const report = {
  defects: [
    tried('right', { clause: 'M-1', kind: 'specified' }),
    tried('wrong', { clause: 'M-2', kind: 'inferred' }),
    tried('alive', null),
  ],
  falseAlarms: [],
  controlled: 7,
};

test('a row says what noticed the defect, and under which clause if it is not the one that is broken', () => {
  const text = defectsSection(report);

  expect(text).toContain('**2 of 3 killed**, 1 by the clause that they break; 1 of them as deviations');
  expect(text).toContain(String.raw`| wire | ${'`right`'} | x\|y | M-1 | R-1 | a/b |`);
  expect(text).toContain('| M-1 | R-1 (M-2, deviation) | a/b |');
  expect(text).toContain('| M-1 | **nothing** |  |');
});

test('of two trials of a defect the later counts', () => {
  const again = {
    defects: [tried('alive', { clause: 'M-1', kind: 'specified' as const })],
    falseAlarms: [],
    controlled: 3,
  };

  expect(defectsSentence(mergeReports([report, again]))).toContain('Of 3 defects');
  expect(defectsSentence(mergeReports([report, again]))).toContain('the scenarios notice 3, 2 by the clause');
});

test('docs/power.md has a row for every defect of the catalogue, with its clause', () => {
  const text = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'power.md'), 'utf8');
  const rows = readVirtualCatalogue().defects.map(({ family, name, gloss, clause }) => {
    return `| ${family} | \`${name}\` | ${gloss} | ${clause} |`;
  });

  expect(rows.filter((row) => !text.includes(row))).toEqual([]);
});
