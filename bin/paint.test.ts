import { expect, test } from '@jest/globals';
import { paintFor } from './paint.ts';

test('a terminal gets colours', () => {
  expect(paintFor({ isTTY: true }, {})('bad', 'x')).toBe('\u001B[31mx\u001B[39m');
});

test.each<[string, { readonly isTTY?: boolean }, NodeJS.ProcessEnv]>([
  ['what is no terminal', {}, {}],
  ['a terminal with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }],
  ['a dumb terminal', { isTTY: true }, { TERM: 'dumb' }],
])('%s gets plain text', (_, stream, env) => {
  expect(paintFor(stream, env)('bad', 'x')).toBe('x');
});

test('an empty NO_COLOR says nothing', () => {
  expect(paintFor({ isTTY: true }, { NO_COLOR: '' })('bad', 'x')).not.toBe('x');
});
