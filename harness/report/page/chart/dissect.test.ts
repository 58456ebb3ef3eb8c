import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { bytesOfHex, dissect } from './dissect.ts';

const fields = (hex: string) => dissect(bytesOfHex(hex)).map(({ name, value }) => [name, value]);

test('a PUBLISH at QoS 1 with DUP is told field by field', () => {
  expect(fields('3a080003612f6200077879')).toEqual([
    ['type and flags', 'PUBLISH, QoS 1, DUP'],
    ['remaining length', '8'],
    ['topic name', '"a/b", 3 bytes'],
    ['packet identifier', '7'],
    ['payload', '2 bytes'],
  ]);
});

test('whatever the bytes are, each belongs to one field, in order', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      let end = 0;
      for (const field of dissect(bytes)) {
        expect(field.from).toBe(end);
        expect(field.to).toBeGreaterThan(field.from);
        end = field.to;
      }
      expect(end).toBe(bytes.length);
    }),
  );
});
