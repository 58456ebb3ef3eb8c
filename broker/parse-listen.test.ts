import { expect, test } from '@jest/globals';
import { parseListen } from './parse-listen.ts';

test.each([
  ['0.0.0.0', { address: '0.0.0.0', port: 0 }],
  ['::', { address: '::', port: 0 }],
  ['0.0.0.0:20000-20099', { address: '0.0.0.0', port: { from: 20_000, to: 20_099 } }],
  ['[::1]:20000', { address: '::1', port: { from: 20_000, to: 20_000 } }],
  ['lab.example', { address: 'lab.example', port: 0 }],
])('%s is a place to listen at', (text, place) => {
  expect(parseListen(text)).toEqual(place);
});

test.each(['', '0.0.0.0:', '0.0.0.0:0', '0.0.0.0:20099-20000', '0.0.0.0:1-70000', '[::1', '0.0.0.0:a-b'])(
  "'%s' is none, and says what would be",
  (text) => {
    expect(() => parseListen(text)).toThrow(/no place to listen at.*20000-20099/u);
  },
);
