import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { TemporaryFolder } from '../../test/support/temporary-folder.ts';
import { readTree } from './clang-tree.ts';
import { findMutations, type MutationKind } from './find-mutations.ts';
import { mutate } from './mutant.ts';

const HEAD = `
enum colour { RED, GREEN, BLUE };
int mq_defect(int which);
int mix(int one, int other);
#define LIMIT 7
#define TWICE(x) ((x) * 2)
`;

/** What each mutation makes of a line in a function. */
function mutationsOf(line: string, kind: MutationKind): readonly string[] {
  using folder = new TemporaryFolder();
  const text = `${HEAD}int body(int a, int b, int *p)\n{\n${line}\nreturn a;\n}\n`;
  writeFileSync(join(folder.path, 'one.c'), text);
  const source = readFileSync(join(folder.path, 'one.c'));
  const tree = readTree({ folder: folder.path, file: 'one.c', flags: ['-std=c99'], source });
  const at = source.indexOf(line);
  return findMutations(tree, source)
    .filter((mutation) => mutation.kind === kind && mutation.span.start >= at && mutation.span.end <= at + line.length)
    .map((mutation) => mutate(source, mutation).toString().split('\n').at(-4) ?? '');
}

describe('conditions', () => {
  test('a condition is negated as a whole and in its parts', () => {
    expect(mutationsOf('if (a < b && p) return 1;', 'negate').toSorted()).toEqual([
      'if (!(a < b && p)) return 1;',
      'if (!(a < b) && p) return 1;',
      'if (a < b && !(p)) return 1;',
    ]);
  });

  test('what turns a defect on is no mutation, nor is anything that only a defect runs', () => {
    expect(mutationsOf('if (mq_defect(RED)) a = 1;', 'negate')).toEqual([]);
    expect(mutationsOf('if (mq_defect(RED)) a = 1;', 'drop')).toEqual([]);
    expect(mutationsOf('if (mq_defect(RED)) a = 1;', 'constant')).toEqual([]);
    expect(mutationsOf('if (a && !mq_defect(RED)) b = 1;', 'negate')).toEqual([
      'if (!(a && !mq_defect(RED))) b = 1;',
      'if (!(a) && !mq_defect(RED)) b = 1;',
    ]);
  });
});

test('statements are dropped, and an if without else as a whole', () => {
  expect(mutationsOf('if (a) b = mix(a, b);', 'drop')).toEqual([';', 'if (a) ;']);
  expect(mutationsOf('(void)p;', 'drop')).toEqual([]);
});

test('numbers change by one, names to the next of their enumeration, macros by what they stand for', () => {
  expect(mutationsOf('a = 3;', 'constant')).toEqual(['a = (3 + 1);', 'a = (3 - 1);']);
  expect(mutationsOf('a = BLUE;', 'constant')).toEqual(['a = RED;']);
  expect(mutationsOf('a = LIMIT;', 'constant')).toEqual(['a = (LIMIT + 1);', 'a = (LIMIT - 1);']);
});

test('what a macro with arguments makes has no place in the source', () => {
  expect(mutationsOf('a = TWICE(b);', 'constant')).toEqual([]);
});

test('neighbouring arguments are swapped, and operands where their order counts', () => {
  expect(mutationsOf('a = mix(a - b, *p);', 'swap').toSorted()).toEqual(['a = mix(*p, a - b);', 'a = mix(b - a, *p);']);
  expect(mutationsOf('a = a + b;', 'swap')).toEqual([]);
});
