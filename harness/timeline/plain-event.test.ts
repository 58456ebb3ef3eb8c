import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { findShapeError } from './event-shape.ts';
import { isPlainEvent } from './plain-event.ts';

const module = { n: 1, at: 2.5, src: 'module', heard: 3, seq: 1, t: 2, slot: 0, task: 1 };
const broker = { n: 1, at: 2.5, src: 'broker' };
const host = { n: 1, at: 2.5, src: 'host' };
const PLAIN: readonly Readonly<Record<string, unknown>>[] = [
  { ...module, k: 'call', token: 7, fn: 'publish' },
  { ...module, k: 'ret', token: 7, fn: 'publish', ret: -2 },
  { ...module, k: 'enter', handle: 5, client: 'same', cb: 'request', arg: 7, err: 0 },
  { ...module, k: 'leave', cb: 'request', enter: 4 },
  { ...broker, k: 'frame', conn: 1, dir: 'up', length: 2, hex: 'c000', packet: { type: 'PINGREQ' }, lint: [] },
  { ...broker, k: 'message', from: null, topic: {}, payload: {}, qos: 1, retain: false },
  { ...host, k: 'request', method: 'mqtt.publish', params: {} },
  { ...host, k: 'expect', predicate: 'returns', params: {}, clause: 'M-2.wouldblock' },
  { ...host, k: 'wait', reason: 'a return', budgetMs: 5, takenMs: 0.5, ok: true },
];
const KINDS = PLAIN.map(({ k }) => k);
const NAMES = [...new Set(PLAIN.flatMap((event) => Object.keys(event)))];
const anyMember = fc.oneof(
  fc.constantFrom<unknown>(
    undefined,
    null,
    0,
    1,
    -2,
    '',
    'x',
    true,
    false,
    [],
    {},
    ...KINDS,
    'module',
    'broker',
    'host',
  ),
  fc.anything(),
);

test.each(PLAIN)('an event of kind $k is taken at first sight', (event) => {
  expect(isPlainEvent(event)).toBe(true);
  expect(findShapeError(event)).toBeUndefined();
});

test('what is taken for an event at first sight is one by the table, whatever was changed in it or left out', () => {
  const changed = fc.tuple(
    fc.constantFrom(...PLAIN),
    fc.dictionary(fc.constantFrom(...NAMES), anyMember, { maxKeys: 3 }),
  );
  const cut = fc.tuple(fc.constantFrom(...PLAIN), fc.constantFrom(...NAMES));

  fc.assert(
    fc.property(changed, ([event, changes]) => {
      expect(isNoMoreThanTable({ ...event, ...changes })).toBe(true);
    }),
    { numRuns: 5000 },
  );
  fc.assert(
    fc.property(cut, ([event, name]) => {
      expect(isNoMoreThanTable({ ...event, [name]: undefined })).toBe(true);
    }),
  );
});

test.each(PLAIN)('of kind $k nothing is taken that lacks what the table asks for', (event) => {
  const taken = Object.keys(event).filter((name) => {
    const { [name]: _, ...rest } = event;
    return findShapeError(rest) !== undefined && isPlainEvent(rest);
  });

  expect(taken).toEqual([]);
});

function isNoMoreThanTable(value: Readonly<Record<string, unknown>>): boolean {
  return !isPlainEvent(value) || findShapeError(value) === undefined;
}
