import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { holm } from './holm.ts';
import { pairedShift, signedRankPValue } from './signed-rank.ts';

// Hollander & Wolfe, Hamilton depression scale; R's wilcox.test(x, y, paired = TRUE, conf.int = TRUE).
const BEFORE = [1.83, 0.5, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.3];
const AFTER = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29];

test('p value, shift and interval are those of R for its textbook example', () => {
  const { shift, interval, pValue } = pairedShift(
    BEFORE.map((value, index) => value - (AFTER[index] ?? 0)),
    0.05,
  );

  expect(pValue).toBeCloseTo(0.03906, 5);
  expect(shift).toBeCloseTo(0.46, 3);
  expect(interval[0]).toBeCloseTo(0.01, 3);
  expect(interval[1]).toBeCloseTo(0.786, 3);
});

test('differences that all point one way are as unlikely as that many coins', () => {
  expect(signedRankPValue([1, 2, 3, 4, 5])).toBeCloseTo(2 / 2 ** 5, 10);
  expect(signedRankPValue([1, 1, 1, 1, 1, 1])).toBeCloseTo(2 / 2 ** 6, 10);
});

test('no difference at all is no evidence', () => {
  expect(signedRankPValue([0, 0, 0])).toBe(1);
  expect(signedRankPValue([3, -3, 1, -1])).toBe(1);
});

test('many pairs are judged as few are: exact and normal p values agree', () => {
  const lopsided = Array.from({ length: 40 }, (_, index) => (index % 3 === 0 ? -index - 1 : index + 1));

  const [exact, normal] = [signedRankPValue(lopsided, 40), signedRankPValue(lopsided, 0)];

  expect(exact).toBeLessThan(0.2);
  expect(Math.abs(Math.log(exact / normal))).toBeLessThan(0.05);
});

const differences = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 60 });

test('the shift follows its differences, turns with their sign, and lies in its interval', () => {
  fc.assert(
    fc.property(differences, fc.integer({ min: -20, max: 20 }), (values, by) => {
      const { shift, interval, pValue } = pairedShift(values, 0.01);
      const moved = pairedShift(
        values.map((value) => value + by),
        0.01,
      );
      const turned = pairedShift(
        values.map((value) => -value),
        0.01,
      );

      expect(moved.shift).toBeCloseTo(shift + by, 9);
      expect(turned.pValue).toBeCloseTo(pValue, 9);
      expect(interval[0]).toBeLessThanOrEqual(shift);
      expect(interval[1]).toBeGreaterThanOrEqual(shift);
    }),
  );
});

test('Holm corrects the smallest p value by their number, the next by one less, and never turns their order', () => {
  expect(holm([0.01, 0.04, 0.03])).toEqual([0.03, 0.06, 0.06]);
  expect(holm([0.5, 0.9])).toEqual([1, 1]);
  expect(holm([])).toEqual([]);
});
