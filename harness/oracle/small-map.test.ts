import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SmallMap } from './small-map.ts';

type Step = readonly ['set' | 'delete', number] | readonly ['takeOldest' | 'clear'];

const key = fc.nat(20);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constant('set' as const), key) },
  { weight: 4, arbitrary: fc.tuple(fc.constant('delete' as const), key) },
  { weight: 2, arbitrary: fc.constant(['takeOldest'] as const) },
  { weight: 1, arbitrary: fc.constant(['clear'] as const) },
);

/** Takes a step in a Map, and says what came out. */
function inMap(map: Map<number, number>, [act, at]: Step, value: number): number | undefined {
  if (act === 'set') map.set(at, value);
  else if (act === 'delete') map.delete(at);
  else if (act === 'clear') map.clear();
  else {
    const [oldest] = map;
    map.delete(oldest?.[0] ?? Number.NaN);
    return oldest?.[1];
  }
  return undefined;
}

function inSmallMap(map: SmallMap<number, number>, [act, at]: Step, value: number): number | undefined {
  if (act === 'set') map.set(at, value);
  else if (act === 'delete') map.delete(at);
  else if (act === 'clear') map.clear();
  else return map.takeOldest();
  return undefined;
}

test('it holds what a Map holds, in the same order, few or many', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const [map, small] = [new Map<number, number>(), new SmallMap<number, number>()];
      for (const [value, next] of steps.entries()) {
        expect(inSmallMap(small, next, value)).toBe(inMap(map, next, value));
        expect(small.entries()).toEqual([...map]);
        expect([...small.values()]).toEqual([...map.values()]);
        expect(small.size).toBe(map.size);
      }
    }),
    { numRuns: 2000 },
  );
});

test('an entry is found by its key, few or many', () => {
  const map = new SmallMap<number, string>();
  const keys = Array.from({ length: 30 }, (_, index) => index * 3);

  for (const at of keys) map.set(at, String(at));

  expect(keys.map((at) => map.get(at))).toEqual(keys.map(String));
  expect(map.get(1)).toBeUndefined();
});
