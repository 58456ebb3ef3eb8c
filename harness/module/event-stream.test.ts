import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { EventStream } from './event-stream.ts';

function event(seq: number) {
  return { seq, t: seq * 10, e: 'reset', why: `event ${seq}` };
}

function makeStream() {
  const delivered: number[] = [];
  const unreadable: string[] = [];
  const stream = new EventStream({
    deliver: ({ seq }) => delivered.push(seq),
    unreadable: (why) => unreadable.push(why),
  });
  return { stream, delivered, unreadable };
}

test('events that come twice are delivered once', () => {
  const { stream, delivered, unreadable } = makeStream();

  stream.accept([event(1), event(2)]);
  stream.accept([event(1), event(2), event(3)]);

  expect(delivered).toEqual([1, 2, 3]);
  expect(unreadable).toEqual([]);
});

test('an event waits for those before it', () => {
  const { stream, delivered } = makeStream();

  stream.accept([event(1), event(3), event(4)]);
  expect({ delivered: [...delivered], hasHole: stream.hasHole, last: stream.last }).toEqual({
    delivered: [1],
    hasHole: true,
    last: 1,
  });

  stream.accept([event(2)]);
  expect(delivered).toEqual([1, 2, 3, 4]);
  expect(stream.hasGap).toBe(false);
});

test('in whatever order events come, each is delivered once and in its order', () => {
  const arrivals = fc.array(fc.integer({ min: 1, max: 30 }), { maxLength: 100 });

  fc.assert(
    fc.property(arrivals, (seqs) => {
      const { stream, delivered } = makeStream();

      for (const seq of seqs) stream.accept([event(seq)]);

      const prefix = Array.from({ length: 31 }, (_, seq) => seq).slice(1);
      const missing = prefix.find((seq) => !seqs.includes(seq)) ?? 31;
      expect(delivered).toEqual(prefix.slice(0, missing - 1));
      expect(stream.hasGap).toBe(seqs.some((seq) => seq > missing));
    }),
  );
});

test('a newest number that has not arrived is a gap without a hole', () => {
  const { stream } = makeStream();

  stream.know(2);

  expect([stream.hasGap, stream.hasHole]).toEqual([true, false]);
});

test('what the module no longer has is skipped, and what came after is delivered', () => {
  const { stream, delivered } = makeStream();
  stream.accept([event(1), event(5), event(6)]);

  stream.skipTo(5);

  expect(delivered).toEqual([1, 5, 6]);
  expect(stream.hasHole).toBe(false);
});

test('a malformed event is told and does not stop those after it', () => {
  const { stream, delivered, unreadable } = makeStream();

  stream.accept([{ seq: 1, t: 0, e: 'surprise' }, event(2), { t: 3 }]);

  expect(delivered).toEqual([2]);
  expect(unreadable).toHaveLength(2);
});
