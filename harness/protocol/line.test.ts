import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { crc32 } from './crc32.ts';
import { decodeLine, encodeLine } from './line.ts';

/** The line as it lies between two LFs. */
function withoutLf(line: string): Buffer {
  return Buffer.from(line).subarray(0, -1);
}

test('the checksum is the one of IEEE 802.3', () => {
  expect(crc32('123456789').toString(16)).toBe('cbf43926');
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
});

test('the example line of the protocol text is what the host writes', () => {
  const json = '{"jsonrpc":"2.0","id":4,"method":"clock.read","params":{"link":3}}';

  expect(encodeLine(json)).toBe(`${json}*799ed453\n`);
});

test('whatever JSON is encoded is decoded again', () => {
  fc.assert(
    fc.property(fc.json(), (json) => {
      const compact = JSON.stringify(JSON.parse(json));

      expect(decodeLine(withoutLf(encodeLine(compact)))).toEqual({ kind: 'message', message: JSON.parse(compact) });
    }),
  );
});

test('a CR before the LF is no part of the line', () => {
  const line = Buffer.concat([withoutLf(encodeLine('[1]')), Buffer.from('\r')]);

  expect(decodeLine(line)).toEqual({ kind: 'message', message: [1] });
  expect(decodeLine(Buffer.from('\r'))).toEqual({ kind: 'empty' });
});

test('one flipped bit makes a line noise, wherever it is', () => {
  const line = withoutLf(encodeLine('{"jsonrpc":"2.0","id":1,"result":{"text":"Grüße"}}'));

  for (let bit = 0; bit < line.length * 8; bit++) {
    const flipped = Buffer.from(line);
    flipped.writeUInt8(flipped.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
    expect(decodeLine(flipped).kind).toBe('noise');
  }
});

test('a cut line is noise', () => {
  const line = withoutLf(encodeLine('{"jsonrpc":"2.0","id":1,"result":{}}'));

  for (let length = 1; length < line.length; length++) expect(decodeLine(line.subarray(0, length)).kind).toBe('noise');
});

test('no bytes make the decoder throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(['noise', 'empty', 'message']).toContain(decodeLine(Buffer.from(bytes)).kind);
    }),
  );
});

test('noise says what is wrong with it', () => {
  expect(decodeLine(Buffer.from('hello'))).toEqual({ kind: 'noise', why: 'no-checksum' });
  expect(decodeLine(Buffer.from('{}*00000000'))).toEqual({ kind: 'noise', why: 'bad-checksum' });
  expect(decodeLine(Buffer.from('{}*A505DF1B'))).toEqual({ kind: 'noise', why: 'no-checksum' });
  expect(decodeLine(withoutLf(encodeLine('{')))).toEqual({ kind: 'noise', why: 'not-json' });
});
