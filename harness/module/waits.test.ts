import { expect, test } from '@jest/globals';
import { isFailure } from '../errors.ts';
import type { WaitNote } from './session-observer.ts';
import { Waits } from './waits.ts';

function makeWaits() {
  const clock = { ms: 0, nowMs: () => clock.ms };
  const notes: WaitNote[] = [];
  return { clock, notes, waits: new Waits(clock, (note) => notes.push(note)) };
}

test('a wait that expires names what it waited for and its budget', async () => {
  const { clock, notes, waits } = makeWaits();
  const wait = waits.begin({ reason: 'the return of publish', budgetMs: 100 });

  clock.ms = 99;
  waits.tick();
  expect(notes).toEqual([]);
  clock.ms = 100;
  waits.tick();

  const error: unknown = await wait.promise.catch((thrown: unknown) => thrown);
  expect(isFailure(error, 'WAIT_EXPIRED') && error.data).toEqual({ reason: 'the return of publish', budgetMs: 100 });
  expect(notes).toEqual([{ reason: 'the return of publish', budgetMs: 100, takenMs: 100, ok: false }]);
});

test('a wait that is settled is told once and does not expire', async () => {
  const { clock, notes, waits } = makeWaits();
  const wait = waits.begin<string>({ reason: 'a', budgetMs: 100 });

  clock.ms = 12.3456;
  wait.settle('here');
  wait.fail(new Error('too late'));
  clock.ms = 1000;
  waits.tick();

  expect(await wait.promise).toBe('here');
  expect(notes).toEqual([{ reason: 'a', budgetMs: 100, takenMs: 12.346, ok: true }]);
  expect(waits.isEmpty).toBe(true);
});

test('everything that waits is rejected at once', async () => {
  const { waits } = makeWaits();
  const all = [1, 2, 3].map((n) => waits.begin({ reason: String(n), budgetMs: 100 }));

  waits.failAll(new Error('gone'));

  const results = await Promise.allSettled(all.map(({ promise }) => promise));
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
});
