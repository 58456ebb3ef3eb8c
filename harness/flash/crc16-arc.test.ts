import { expect, test } from '@jest/globals';
import { crc16Arc } from './crc16-arc.ts';

test('the check value of CRC-16/ARC comes out', () => {
  expect(crc16Arc(Buffer.from('123456789'))).toBe(0xbb3d);
});

test('a seed continues a CRC where an earlier part ended', () => {
  expect(crc16Arc(Buffer.from('6789'), crc16Arc(Buffer.from('12345')))).toBe(0xbb3d);
});
