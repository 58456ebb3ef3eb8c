import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { moduleEvent } from './module-event.ts';

const stamp = { seq: 7, t: 90210 };
const inpub = { ...stamp, e: 'enter', cb: 'inpub', arg: 1, slot: 0, handle: 1, client: 'same', task: 3 };
const examples = [
  { ...stamp, e: 'call', token: 1001, fn: 'publish', slot: 0, task: 2 },
  { ...stamp, e: 'call', token: 1001, fn: 'deinit', slot: 0, task: 2, in: 5 },
  { ...stamp, e: 'ret', token: 1001, fn: 'publish', slot: 0, task: 2, ret: -2, handle: 1 },
  { ...stamp, e: 'ret', token: 4294967295, fn: 'onenet_token', slot: 0, task: 2, ret: 1, handle: 0, text: 'version=…' },
  { ...stamp, e: 'enter', cb: 'connect', arg: 1001, slot: 0, handle: 1, client: 'same', task: 3, status: 257 },
  { ...stamp, e: 'enter', cb: 'request', arg: 0, slot: -1, handle: 0, client: 'null', task: 3, err: -9 },
  { ...stamp, e: 'enter', cb: 'disconnect', arg: 1, slot: 0, handle: 1, client: 'other', task: 3, err: 0 },
  { ...stamp, e: 'enter', cb: 'exception', slot: 0, handle: 1, client: 'foreign', task: 3 },
  {
    ...inpub,
    pktId: 9,
    topic: { length: 3, crc32: 891568578, text: 'abc' },
    payload: { length: 2, crc32: 65535, head: '00ff', capture: 4 },
  },
  {
    ...inpub,
    pktId: 0,
    topic: null,
    payload: null,
  },
  { ...stamp, e: 'leave', cb: 'connect', enter: 6, task: 3 },
  { ...stamp, e: 'reset', why: 'asked to' },
  { ...stamp, e: 'at', request: 12, line: '+CSQ: 24,99', done: false },
  { ...stamp, e: 'network', what: 'data-call', value: 'up' },
  { ...stamp, e: 'lost', counts: { inpub: 3, exception: 1 } },
];

test('every event of the protocol text is read', () => {
  for (const example of examples) expect(v.parse(moduleEvent, example)).toEqual(example);
});

test('an event with a member that the protocol does not know is refused', () => {
  for (const example of examples) expect(v.is(moduleEvent, { ...example, extra: 1 })).toBe(false);
});

test('an event that lacks a member is refused', () => {
  const optional = new Set(['in', 'text', 'handle', 'done', 'payload.capture']);
  for (const example of examples) {
    for (const name of Object.keys(example).filter((key) => !optional.has(key))) {
      const rest = Object.fromEntries(Object.entries(example).filter(([key]) => key !== name));
      expect({ name, read: v.is(moduleEvent, rest) }).toEqual({ name, read: false });
    }
  }
});
