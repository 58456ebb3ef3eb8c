import { expect, test } from '@jest/globals';
import { readDefTable } from './read-def-table.ts';

const source = `
/* DEFECT(id, "name") in a comment is no row */
DEFECT(LOST, "publish-callback-lost", "M-10", "never (ever), comes")
DEFECT(TWICE, "twice",
       "M-4", "two " /* joined */ "parts")
OTHER(X, "x")
`;

test('a row is read with its commas and brackets inside of strings', () => {
  expect(readDefTable(source, 'DEFECT')[0]).toEqual(['LOST', 'publish-callback-lost', 'M-10', 'never (ever), comes']);
});

test('adjacent literals over several lines are one value', () => {
  expect(readDefTable(source, 'DEFECT')[1]).toEqual(['TWICE', 'twice', 'M-4', 'two parts']);
});

test('comments and rows of other macros are left out', () => {
  expect(readDefTable(source, 'DEFECT')).toHaveLength(2);
});
