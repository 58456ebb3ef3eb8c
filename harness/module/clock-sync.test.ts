import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { ClockSync } from './clock-sync.ts';

const positive = fc.double({ min: 0.01, max: 500, noNaN: true });

test('the true offset lies within ε of the estimate, however slow and lopsided the round trips are', () => {
  const ping = fc.record({ pauseMs: positive, thereMs: positive, backMs: positive });
  const offset = fc.double({ min: -1e6, max: 1e6, noNaN: true });

  fc.assert(
    fc.property(fc.array(ping, { minLength: 1, maxLength: 30 }), offset, (pings, offsetMs) => {
      const sync = new ClockSync();
      let now = 2e6;
      for (const { pauseMs, thereMs, backMs } of pings) {
        const askedMs = now + pauseMs;
        now = askedMs + thereMs + backMs;
        sync.add(askedMs, now, Math.floor(askedMs + thereMs + offsetMs));
      }

      const estimate = sync.estimate(now);

      expect(Math.abs((estimate?.offsetMs ?? Number.NaN) - offsetMs)).toBeLessThanOrEqual(
        (estimate?.epsilonMs ?? 0) + 1e-6,
      );
    }),
  );
});

test('the quickest round trip decides', () => {
  const sync = new ClockSync();

  sync.add(0, 100, 1050);
  sync.add(200, 202, 1201);
  sync.add(300, 400, 1390);

  expect(sync.estimate(400)).toMatchObject({ offsetMs: 1000.5 });
});

test('an old measurement grows uncertain until a new one takes its place', () => {
  const sync = new ClockSync();
  sync.add(0, 1, 1000);

  expect(sync.estimate(100_000)?.epsilonMs).toBeGreaterThan(sync.estimate(1)?.epsilonMs ?? 0);

  sync.add(200_000, 200_004, 201_000);
  expect(sync.estimate(200_004)?.epsilonMs).toBeCloseTo(2.5, 3);
});

test('a drift beyond what ε explains is told in parts per million', () => {
  const sync = new ClockSync();

  sync.add(0, 1, 0);
  expect(sync.estimate(1)?.driftPpm).toBe(0);
  sync.add(1_000_000, 1_000_001, 1_000_050);

  expect(sync.estimate(1_000_001)?.driftPpm).toBeCloseTo(50, 1);
});

test('a new boot has a new clock', () => {
  const sync = new ClockSync();
  sync.add(0, 1, 5000);

  sync.restart();

  expect(sync.estimate(2)).toBeUndefined();
});
