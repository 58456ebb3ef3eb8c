import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { TemporaryFolder } from '../../test/support/temporary-folder.ts';
import { Reach, SuiteReach } from './reach.ts';

const reach = new Reach(
  new Map([
    [
      'a.c',
      [
        [10, 1, 3, true],
        [12, 5, 0, true],
        [12, 20, 3, true],
        [14, 2, 0, false],
      ],
    ],
  ]),
);
const at = (line: number, column: number, before = 'x = 1;') => reach.mayReach({ file: 'a.c', line, column, before });

test('code belongs to the last segment that begins before it', () => {
  expect([at(11, 40), at(12, 4), at(12, 5), at(13, 1), at(12, 20)]).toEqual([true, true, false, true, true]);
});

test('what nobody counts may be reached: other files, tables, labels', () => {
  expect(reach.mayReach({ file: 'b.c', line: 1, column: 1, before: '' })).toBe(true);
  expect([at(1, 1), at(20, 1)]).toEqual([true, true]);
  expect(at(12, 6, 'case 7:')).toBe(true);
});

test('a mutant is asked about in the files that come to it, also after the reach has been on the disk', () => {
  using folder = new TemporaryFolder();
  const path = join(folder.path, 'reach.json');
  const other = new Reach(new Map([['a.c', [[10, 1, 0, true]]]]));
  new SuiteReach(
    new Map([
      ['here', reach],
      ['elsewhere', other],
    ]),
  ).write(path);

  const read = SuiteReach.read(path);
  expect(read.filesThatReach({ file: 'a.c', line: 11, column: 1, before: '' })).toEqual(['here']);
  expect(read.filesThatReach({ file: 'a.c', line: 12, column: 6, before: '' })).toEqual([]);
  expect(read.filesThatReach({ file: 'b.c', line: 1, column: 1, before: '' })).toEqual(['here', 'elsewhere']);
});
