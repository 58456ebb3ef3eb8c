import { expect, test } from '@jest/globals';
import { drawEvenly } from './draw.ts';

const candidates = ['a', 'a', 'a', 'a', 'b', 'b', 'c'].map((heap, index) => ({ id: `${heap}${index}`, heap }));
const heapsOf = (seed: number) => drawEvenly(candidates, seed).map(({ heap }) => heap);

test('every heap gives alike until it is empty', () => {
  const drawn = heapsOf(1);

  expect(drawn.slice(0, 3).toSorted()).toEqual(['a', 'b', 'c']);
  expect(drawn.slice(3, 5).toSorted()).toEqual(['a', 'b']);
  expect(drawn.slice(5)).toEqual(['a', 'a']);
});

test('a seed draws the same each time, another one something else', () => {
  expect(drawEvenly(candidates, 7)).toEqual(drawEvenly(candidates, 7));
  expect(new Set([1, 2, 3, 4, 5].map((seed) => JSON.stringify(drawEvenly(candidates, seed)))).size).toBeGreaterThan(1);
});
