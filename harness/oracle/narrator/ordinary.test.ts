import { expect, test } from '@jest/globals';
import { ackPacket, publishPacket } from '../packets.ts';
import { connectedTrace, type EnterOptions, initialisedTrace, Trace } from '../trace-builder.ts';
import { Narrator } from './narrator.ts';

const PUBLISH = { topic: 'a/b', payload: 'hello', qos: 1 };

/** Whether the narrator calls the newest event ordinary. */
function isLastOrdinary(trace: Trace): boolean | undefined {
  const narrator = new Narrator();
  return trace.events.map((event) => narrator.see(event)).at(-1)?.isOrdinary;
}

function published(params: Readonly<Record<string, unknown>> = {}, ret = -2): Trace {
  return connectedTrace().call(40, 'publish', 7, ret, { ...PUBLISH, ...params });
}

test.each([
  ['init', new Trace().call(0, 'init', 1, 0)],
  ['publish', published()],
  ['sub_unsub', connectedTrace().call(40, 'sub_unsub', 7, -2, { topic: 'a/b', qos: 2, sub: 1 })],
  ['disconnect', connectedTrace().call(40, 'disconnect', 7, -2)],
  ['set_inpub_callback', initialisedTrace().call(40, 'set_inpub_callback', 7, 0)],
  ['is_connected', initialisedTrace().call(40, 'is_connected', 7, 1)],
  ['deinit', connectedTrace().call(40, 'deinit', 7, 0)],
])('the return of %s is ordinary where a sound application calls it and a sound module takes it', (_, trace) => {
  expect(isLastOrdinary(trace)).toBe(true);
});

test.each([
  { topic: null },
  { topic: '' },
  { topic: 'a/#' },
  { topic: 'a/+' },
  { topic: 'a\0b' },
  { topic: 'ä' },
  { topic: 'x'.repeat(65_536) },
  { topic: { hex: '61' } },
  { payload: null },
  { qos: 3 },
  { qos: -1 },
  { qos: '1' },
  { cb: false },
  { client: 'null' },
  { client: { slot: 0 } },
])('the return of a publish with %j is not', (params) => {
  expect(isLastOrdinary(published(params))).not.toBe(true);
});

test.each([
  ['init of a client that there is', initialisedTrace().call(40, 'init', 7, 0)],
  ['init that is refused', new Trace().call(0, 'init', 1, -3)],
  ['connect, whatever it returns', initialisedTrace().call(40, 'connect', 7, -2, { host: 'mqtt://h', info: {} })],
  ['publish without a session', initialisedTrace().call(40, 'publish', 7, -2, PUBLISH)],
  ['publish that is refused', published({}, -3)],
  ['publish that returns 0', published({}, 0)],
  ['set_inpub_callback without a client', new Trace().call(0, 'set_inpub_callback', 7, 0)],
  ['is_connected without a client', new Trace().call(0, 'is_connected', 7, 0)],
  ['is_connected that returns neither 0 nor 1', initialisedTrace().call(40, 'is_connected', 7, -6)],
  ['deinit without a client', new Trace().call(0, 'deinit', 7, 0)],
  ['a function that nobody knows', initialisedTrace().call(40, 'toString', 7, 0)],
])('the return of %s is not', (_, trace) => {
  expect(isLastOrdinary(trace)).not.toBe(true);
});

test('the one callback with success is ordinary', () => {
  expect(isLastOrdinary(published().enter(50, 'request', 7, 0))).toBe(true);
  expect(isLastOrdinary(published().down(45, ackPacket('PUBACK', 5)).enter(50, 'request', 7, 0))).toBe(true);
});

test.each<[string, Trace]>([
  ['with an error', published().enter(50, 'request', 7, -9)],
  ['of another kind', published().enter(50, 'disconnect', 7, 0)],
  ['a second time', published().enter(50, 'request', 7, 0).enter(51, 'request', 7, 0)],
  ['of a call that nobody made', published().enter(50, 'request', 8, 0)],
  ['of a call that returned 0', published({}, 0).enter(50, 'request', 7, 0)],
  [
    'before the return',
    connectedTrace().request(40, 'publish', 7, PUBLISH).begin(41, 'publish', 7).enter(42, 'request', 7, 0),
  ],
  [
    'of a call whose beginning nobody saw',
    connectedTrace().request(40, 'publish', 7, PUBLISH).ret(41, 'publish', 7, -2).enter(42, 'request', 7, 0),
  ],
  ['of a client that is gone', published().call(45, 'deinit', 9, 0).enter(50, 'request', 7, 0)],
  ['of the client before', published().call(45, 'deinit', 9, 0).call(46, 'init', 10, 0).enter(50, 'request', 7, 0)],
  [
    'after an acknowledgement of another kind',
    published({ qos: 2 })
      .up(42, publishPacket({ qos: 2, packetId: 5, topic: 'a/b', payload: 'hello' }))
      .down(45, ackPacket('PUBACK', 5))
      .enter(50, 'request', 7, 0),
  ],
])('a callback %s is not', (_, trace) => {
  expect(isLastOrdinary(trace)).not.toBe(true);
});

const ELSEWHERE: readonly EnterOptions[] = [
  { slot: 1 },
  { handle: 2 },
  { client: 'other' },
  { client: 'foreign' },
  { client: 'null' },
];

test.each(ELSEWHERE)('a callback or message about %j is not', (options) => {
  expect(isLastOrdinary(published().enter(50, 'request', 7, 0, options))).not.toBe(true);
  expect(isLastOrdinary(listening().incoming(50, 7, {}, options))).not.toBe(true);
});

function listening(): Trace {
  return connectedTrace().call(40, 'set_inpub_callback', 7, 0);
}

test('a message within the session, by the callback in force, is ordinary', () => {
  expect(isLastOrdinary(listening().incoming(50, 7))).toBe(true);
  expect(isLastOrdinary(listening().call(45, 'disconnect', 8, -2).incoming(50, 7))).toBe(true);
});

test.each([
  ['by a callback that was replaced', listening().call(45, 'set_inpub_callback', 8, 0).incoming(50, 7)],
  ['by what was set as another callback', connectedTrace().incoming(50, 2)],
  ['before the session', initialisedTrace().call(5, 'set_inpub_callback', 7, 0).incoming(50, 7)],
  ['after its end', listening().exception(45).incoming(50, 7)],
])('a message %s is not', (_, trace) => {
  expect(isLastOrdinary(trace)).not.toBe(true);
});
