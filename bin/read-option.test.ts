import { expect, test } from '@jest/globals';
import { readDuration, readOnce, readShard, readSince, readWhole } from './read-option.ts';

test('durations are in seconds unless they say otherwise', () => {
  expect(['90', '90s', '1.5m', '2h'].map((text) => readDuration('max-duration', text))).toEqual([
    90_000, 90_000, 90_000, 7_200_000,
  ]);
});

test.each(['', '0', '-1', '1d', 's', '1e9', '600h', 'Infinity'])('%j is no duration', (text) => {
  expect(() => readDuration('max-duration', text)).toThrow(/--max-duration takes a duration/u);
});

test.each(['', '-1', '1.5', '0x10', '11', ' 5'])('%j is no whole number from 0 to 10', (text) => {
  expect(() => readWhole('n', text, 0, 10)).toThrow(/--n takes a whole number from 0 to 10/u);
});

test('a shard is one of so many', () => {
  expect(readShard('2/3')).toEqual({ index: 2, count: 3 });
  for (const text of ['0/3', '4/3', '1', '1/0', '1/2/3', '-1/2'])
    expect(() => readShard(text)).toThrow(/--shard takes/u);
});

test('what may be given once is refused twice', () => {
  expect(readOnce('seed', '7')).toBe('7');
  expect(readOnce('seed', undefined)).toBeUndefined();
  expect(() => readOnce('seed', ['7', '8'])).toThrow(/--seed is given 2 times/u);
});

test('--since takes an event’s number or a time, and nothing else', () => {
  expect(readSince('4711')).toEqual({ n: 4711 });
  expect(readSince('1500ms')).toEqual({ ms: 1500 });
  expect(readSince('1.5m')).toEqual({ ms: 90_000 });
  for (const text of ['', '4.5', '-1', '90 s', 'soon']) expect(() => readSince(text)).toThrow('--since takes');
});
