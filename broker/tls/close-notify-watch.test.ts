import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { CloseNotifyWatch } from './close-notify-watch.ts';

const ALERT = 21;
const TYPES = [20, ALERT, 22, 23];

const record = fc
  .tuple(fc.constantFrom(...TYPES), fc.uint8Array({ minLength: 1, maxLength: 600 }))
  .map(([type, body]) => Buffer.concat([Buffer.from([type, 3, 3, body.length >> 8, body.length & 0xff]), body]));

test('wherever the stream is cut, an alert has come when the last record is whole and is one', () => {
  fc.assert(
    fc.property(
      fc.array(record, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat({ max: 3000 })),
      fc.nat({ max: 4 }),
      (records, cuts, missing) => {
        const last = records.at(-1);
        const whole = Buffer.concat(records);
        const stream = whole.subarray(0, whole.length - missing);
        const bounds = [0, ...cuts.filter((cut) => cut < stream.length).toSorted((a, b) => a - b), stream.length];
        const watch = new CloseNotifyWatch();

        for (const [i, from] of bounds.entries()) watch.take(stream.subarray(from, bounds[i + 1] ?? stream.length));

        // A body of fewer bytes than are missing leaves a part of the header, and the record before is the past.
        expect(watch.hasCome).toBe(missing === 0 && last?.[0] === ALERT);
      },
    ),
  );
});

test('before the first record nothing has come', () => {
  expect(new CloseNotifyWatch().hasCome).toBe(false);
});
