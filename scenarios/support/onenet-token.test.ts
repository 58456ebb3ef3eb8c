import { execFileSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { onenetToken } from './onenet-token.ts';
import { readOnenetToken } from './read-onenet-token.ts';

const ACCESS_KEY = 'KuF3NT/jUBJ62LNBB/A8XZA9CqS3Cu79B/ABmfA1UCw=';
const FIELDS = [
  { version: '2018-10-31', resource: 'products/123123/devices/mydev', expiresAtS: 1_537_255_523 },
  { version: '2022-05-01', resource: 'products/Ck2AF9QD2K/devices/test', expiresAtS: 32_472_115_200 },
  { version: 'a+b', resource: 'products/1 2/devices/50%?#&=', expiresAtS: 0 },
];

test.each(FIELDS)('openssl signs the token for $resource the same way', (fields) => {
  const { version, resource, expiresAtS } = fields;
  const text = `${expiresAtS}\nsha1\n${resource}\n${version}`;
  const key = `hexkey:${Buffer.from(ACCESS_KEY, 'base64').toString('hex')}`;
  const digest = execFileSync('openssl', ['dgst', '-sha1', '-mac', 'HMAC', '-macopt', key, '-binary'], { input: text });

  const [, sign = ''] = onenetToken(fields, ACCESS_KEY).split('&sign=');

  expect(sign.replaceAll('%2B', '+').replaceAll('%2F', '/').replaceAll('%3D', '=')).toBe(digest.toString('base64'));
});

test('the token that others have published for these fields comes out', () => {
  const fields = { version: '2018-10-31', resource: 'products/123123/devices/mydev', expiresAtS: 1_537_255_523 };

  expect(onenetToken(fields, ACCESS_KEY)).toBe(
    'version=2018-10-31&res=products%2F123123%2Fdevices%2Fmydev&et=1537255523&method=sha1&sign=p2Bv5QYrZolQCtt68923gtxRCVk%3D',
  );
});

test.each(FIELDS)('the fields of a token for $resource are read back', (fields) => {
  expect(readOnenetToken(onenetToken(fields, ACCESS_KEY))).toEqual(fields);
});

test.each(['', 'version=1&res=2', 'version=1&res=2&et=soon', '&&&'])('%j is no token', (text) => {
  expect(readOnenetToken(text)).toBeUndefined();
});
