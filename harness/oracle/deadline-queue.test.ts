import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DeadlineQueue } from './deadline-queue.ts';

const ms = fc.integer({ min: 0, max: 50 });

/** What a queue gives out that is due before `untilMs`. */
function taken(queue: DeadlineQueue<{ readonly dueMs: number }>, untilMs: number): readonly number[] {
  const dues: number[] = [];
  for (let due = queue.popBefore(untilMs); due !== undefined; due = queue.popBefore(untilMs)) dues.push(due.dueMs);
  return dues;
}

test('what is due comes soonest first, each once, and nothing before its time', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.array(ms), ms)), (rounds) => {
      const queue = new DeadlineQueue<{ readonly dueMs: number }>();
      let waiting: readonly number[] = [];
      for (const [added, untilMs] of rounds) {
        for (const dueMs of added) queue.add({ dueMs });
        const all = waiting.concat(added);
        const due = all.filter((dueMs) => dueMs < untilMs).toSorted((a, b) => a - b);
        waiting = all.filter((dueMs) => dueMs >= untilMs);

        expect(queue.hasBefore(untilMs)).toBe(due.length > 0);
        expect(taken(queue, untilMs)).toEqual(due);
      }
    }),
  );
});
