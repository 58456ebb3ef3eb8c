import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import type { RecordedMeasurement } from '../report/run-record.ts';
import { compareLatency } from './compare-latency.ts';

const NAMES = ['connect', 'publish', 'subscribe', 'unsubscribe', 'disconnect', 'deinit'];
const SCENARIOS = 20;

type Sampler = (name: string, scenario: number) => number;

/** Each measurement once in each scenario. */
function measured(sample: Sampler): readonly RecordedMeasurement[] {
  const indices = Array.from({ length: SCENARIOS }, (_, index) => index);
  return NAMES.map((name) => ({
    name,
    unit: 'ms',
    samples: indices.map((index) => sample(name, index)),
    scenarios: indices.map((index) => ({ scenario: `a/${index}`, samples: 1 })),
  }));
}

/** Scenarios differ by much more than revisions do; noise repeats for a seed. */
const plain: Sampler = (name, scenario) => 20 + 10 * scenario + ((scenario * 7 + name.length) % 5);
const jittered =
  (seed: number): Sampler =>
  (name, scenario) =>
    plain(name, scenario) + ((scenario * seed + name.length * 3) % 7);
const slower =
  (sampler: Sampler, slow: string, byMs: number): Sampler =>
  (name, scenario) =>
    sampler(name, scenario) + (name === slow ? byMs : 0);

test('what takes 60 ms longer is found, with its size, and nothing else is', () => {
  const { shifts } = compareLatency(measured(jittered(3)), measured(slower(jittered(5), 'subscribe', 60)));

  expect(shifts.map(({ name }) => name)).toEqual(['subscribe']);
  const [shift] = shifts;
  expect(shift?.shift).toBeGreaterThan(55);
  expect(shift?.shift).toBeLessThan(65);
  expect(shift?.interval[0]).toBeLessThanOrEqual(60);
  expect(shift?.interval[1]).toBeGreaterThanOrEqual(60);
  expect(shift?.pairs).toBe(SCENARIOS);
});

test('what has become quicker is found, too', () => {
  const { shifts } = compareLatency(measured(slower(jittered(3), 'connect', 80)), measured(jittered(5)));

  expect(shifts).toMatchObject([{ name: 'connect' }]);
  expect(shifts[0]?.shift).toBeLessThan(-70);
});

test('a host that makes everything slow is told once, and is no shift', () => {
  const { shifts, test: told } = compareLatency(
    measured(jittered(3)),
    measured((name, scenario) => 1.7 * jittered(5)(name, scenario)),
  );

  expect(shifts).toEqual([]);
  expect(told.pace).toBeGreaterThan(1.6);
  expect(told.pace).toBeLessThan(1.8);
});

test('what does not share the pace of the rest has not shifted by staying as it was', () => {
  const { shifts } = compareLatency(
    measured(jittered(3)),
    measured((name, scenario) => (name === 'connect' ? 1 : 3) * jittered(5)(name, scenario)),
  );

  expect(shifts).toEqual([]);
});

test('what is certain but small is not worth a word', () => {
  const { shifts } = compareLatency(measured(plain), measured(slower(plain, 'publish', 3)));

  expect(shifts).toEqual([]);
});

test('a few wild samples are no shift', () => {
  const wild: Sampler = (name, scenario) => jittered(5)(name, scenario) + (scenario % 5 === 0 ? 5000 : 0);

  expect(compareLatency(measured(jittered(3)), measured(wild)).shifts).toEqual([]);
});

test('too few pairs are not compared, and neither are scenarios that only one run has', () => {
  const few = measured(slower(plain, 'connect', 500)).map(({ name, unit, samples, scenarios }) => {
    const renamed = scenarios.map(({ scenario }, index) => ({
      scenario: index < 11 ? scenario : `b/${index}`,
      samples: 1,
    }));
    return { name, unit, samples, scenarios: renamed };
  });

  const { shifts, test: told } = compareLatency(measured(plain), few);

  expect([shifts, told.measurements]).toEqual([[], 0]);
});

test('noise alone is seldom taken for a shift: not once in two hundred comparisons', () => {
  const noisy = (noise: readonly number[]): Sampler => {
    return (name, scenario) =>
      plain(name, scenario) + (noise[(NAMES.indexOf(name) * SCENARIOS + scenario) % noise.length] ?? 0);
  };
  const noise = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 120, maxLength: 120 });

  fc.assert(
    fc.property(noise, noise, (one, other) => {
      expect(compareLatency(measured(noisy(one)), measured(noisy(other))).shifts).toEqual([]);
    }),
    { numRuns: 200, seed: 7 },
  );
});
