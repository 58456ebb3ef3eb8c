import { expect, test } from '@jest/globals';
import { rfc1071 } from './rfc1071.ts';

test.each([
  ['an odd text', Buffer.from('123456789'), 0xf62a],
  ['the example of the RFC', Buffer.from('0001F203F4F5F6F7', 'hex'), 0x220d],
  ['nothing', Buffer.alloc(0), 0xffff],
])('the checksum of %s is the reference value', (_, bytes, expected) => {
  expect(rfc1071(bytes)).toBe(expected);
});
