import { expect, test } from '@jest/globals';

import { ackPacket, connackPacket, connectPacket, publishPacket } from '../packets.ts';
import type { Seen } from '../rule.ts';
import { connectedTrace, eventsOf, initialisedTrace, Trace } from '../trace-builder.ts';
import { Narrator } from './narrator.ts';

const PUBLISH = { topic: 'a/b', payload: 'hello', qos: 1 };

/** What the narrator says of the newest event. */
function lastSeen(trace: Trace): Seen {
  const narrator = new Narrator();
  const seen = trace.events.map((event) => narrator.see(event)).at(-1);
  if (seen === undefined) throw new RangeError('an empty trace');
  return seen;
}

function connectOf(clientId: string, port: number): Record<string, unknown> {
  return { host: `mqtt://127.0.0.1:${port}`, info: { clientId } };
}

test('a connection belongs to the connect call whose host names its port', () => {
  const trace = new Trace()
    .call(0, 'init', 1, 0)
    .call(1, 'init', 2, 0, { slot: 1 })
    .call(2, 'connect', 3, -2, connectOf('a', 1001))
    .call(3, 'connect', 4, -2, { slot: 1, ...connectOf('b', 1002) })
    .open(5, 1, 1002);

  expect(lastSeen(trace).connection).toMatchObject({ slot: 1, candidates: 1, connectCall: { token: 4 } });
});

test('of several connect calls to one port the client id in CONNECT tells which', () => {
  const trace = new Trace()
    .call(0, 'init', 1, 0)
    .call(1, 'init', 2, 0, { slot: 1 })
    .call(2, 'connect', 3, -2, connectOf('a', 1001))
    .call(3, 'connect', 4, -2, { slot: 1, ...connectOf('b', 1001) })
    .open(5, 1, 1001);

  expect(lastSeen(trace).connection).toMatchObject({ candidates: 2, connectCall: undefined });
  const known = lastSeen(trace.up(6, connectPacket({ clientId: 'b' })));
  expect(known).toMatchObject({ call: { token: 4 }, connection: { slot: 1 } });
});

test('a host without a port names that of its scheme, and a port that nobody listens on is one behind a relay', () => {
  const byScheme = initialisedTrace().call(2, 'connect', 3, -2, { host: 'mqtts://broker' }).open(5, 1, 8883);
  const relayed = initialisedTrace()
    .broker(1, { k: 'listener', listener: 'main', address: '::', port: 1883, tls: false })
    .call(2, 'connect', 3, -2, connectOf('a', 4711))
    .open(5, 1, 1883);

  expect(lastSeen(byScheme).connection?.connectCall?.token).toBe(3);
  expect(lastSeen(relayed).connection?.connectCall?.token).toBe(3);
});

test('a packet belongs to the call that asks for exactly it, whatever the order of the calls', () => {
  const trace = connectedTrace()
    .request(40, 'publish', 7, PUBLISH)
    .request(41, 'publish', 8, { ...PUBLISH, payload: 'other' })
    .up(45, publishPacket({ packetId: 5, payload: 'other' }));

  expect(lastSeen(trace).call?.token).toBe(8);
  expect(lastSeen(trace.down(46, ackPacket('PUBACK', 5))).call?.acks).toHaveLength(1);
});

test('a callback that overtakes the return of its call leaves the slot as it was told', () => {
  const trace = initialisedTrace().begin(10, 'connect', 2).enter(11, 'connect', 2, 0).ret(12, 'connect', 2, -2);

  expect(lastSeen(trace).slot).toMatchObject({ state: 'connected', sessions: 1 });
});

test('a start of the module leaves no client', () => {
  const trace = connectedTrace()
    .host(40, { k: 'boot', id: 'x', cause: 'panic', announced: false })
    .begin(50, 'connect', 9);

  expect(lastSeen(trace)).toMatchObject({ before: 'no-handle', slot: { state: 'no-handle', connect: undefined } });
});

test('an exception belongs to the newest connect of its slot', () => {
  expect(lastSeen(connectedTrace().exception(50)).call?.token).toBe(2);
});

test('a call through another slot’s variable or by a handle’s value acts on that client', () => {
  const other = initialisedTrace().call(10, 'deinit', 3, 0, { slot: 1, client: { slot: 0 } });
  const byValue = initialisedTrace().call(10, 'deinit', 3, 0, { slot: 1, client: { value: 1 } });
  const foreign = initialisedTrace().call(10, 'deinit', 3, -1, { slot: 1, client: { value: 77 } });

  expect(lastSeen(other).slot).toMatchObject({ slot: 0, state: 'no-handle' });
  expect(lastSeen(byValue).slot).toMatchObject({ slot: 0, state: 'no-handle' });
  expect(lastSeen(foreign).call?.slot).toBe(-1);
});

test('a request is under way from its beginning to its callback, its refusal, or the end of its session', () => {
  const underWay = (trace: Trace) => lastSeen(trace).slot?.underWay.map(({ token }) => token);
  const begun = () => connectedTrace().request(40, 'publish', 7, PUBLISH).begin(41, 'publish', 7);
  const waiting = () => begun().ret(42, 'publish', 7, -2);

  expect(underWay(begun())).toEqual([7]);
  expect(underWay(waiting())).toEqual([7]);
  expect(underWay(waiting().enter(50, 'request', 7, 0))).toEqual([]);
  expect(underWay(begun().ret(42, 'publish', 7, -3))).toEqual([]);
  expect(underWay(waiting().call(45, 'deinit', 8, 0))).toEqual([]);
  expect(underWay(connectedTrace().call(40, 'publish', 7, -2, { ...PUBLISH, cb: false }))).toEqual([]);

  const ended = lastSeen(waiting().exception(50));
  expect(ended.orphans?.map(({ token }) => token)).toEqual([7]);
  expect(ended.slot?.underWay).toEqual([]);
});

test('a session that is resumed has the publishes to finish that were sent and not completed, in order', () => {
  const message = (packetId: number) => publishPacket({ packetId, payload: `${packetId}` });
  const trace = connectedTrace();
  for (const [id, at] of [
    [2, 40],
    [1, 50],
    [3, 60],
  ] as const)
    trace.call(at, 'publish', 10 + id, -2, { ...PUBLISH, payload: `${id}` }).up(at + 5, message(id));
  trace.down(70, ackPacket('PUBACK', 1)).close(80, 'broker').exception(81);
  trace.call(90, 'connect', 9, -2, { host: 'mqtt://127.0.0.1:1883', info: { clientId: 'bench', cleanSession: 0 } });
  trace.open(91, 2).up(92, connectPacket({ cleanSession: false }), { conn: 2 });

  const { unfinished } = lastSeen(trace.down(93, connackPacket(0, true), { conn: 2 }));

  expect(unfinished?.map(({ token }) => token)).toEqual([12, 13]);
});

test('a message that comes garbled is still taken for the one that was sent', () => {
  const trace = connectedTrace()
    .down(50, publishPacket({ packetId: 3 }))
    .incoming(55, 4, { topic: 'x', payload: 'y', pktId: 3 });

  expect(lastSeen(trace).inbound?.frame.n).toBe(eventsOf(trace, 'frame').at(-1)?.n);
});

test('ten thousand calls later the first one is forgotten, and the newest is not', () => {
  const narrator = new Narrator();
  const trace = initialisedTrace();
  for (let token = 2; token <= 10_001; token += 1) trace.call(token, 'is_connected', token, 0);
  for (const event of trace.events) narrator.see(event);

  expect(narrator.knows(2)).toBe(false);
  expect(narrator.knows(10_001)).toBe(true);
});

test('of ten thousand calls that are never made no more are known than a module can have under way, the newest among them', () => {
  const narrator = new Narrator();
  const trace = new Trace();
  for (let token = 1; token <= 10_000; token += 1) trace.request(token, 'is_connected', token);
  for (const event of trace.events) narrator.see(event);

  expect(trace.events.filter((_, index) => narrator.knows(index + 1)).length).toBeLessThan(1100);
  expect(narrator.knows(10_000)).toBe(true);
});

test('in however long a session, its messages belong to the call that set their callback, and its end to its connect', () => {
  const session = () => {
    const trace = connectedTrace().call(40, 'set_inpub_callback', 7, 0);
    for (let token = 100; token < 1000; token += 1)
      trace.call(token, 'publish', token, -2, PUBLISH).enter(token, 'request', token, 0);
    return trace;
  };

  expect(lastSeen(session().incoming(2000, 7)).call).toMatchObject({ token: 7, fn: 'set_inpub_callback' });
  expect(lastSeen(session().exception(2000)).call).toMatchObject({ token: 2, fn: 'connect' });
});

test('a call that waits for its callback, or to be made, is known however many others come and go meanwhile', () => {
  const trace = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).request(41, 'publish', 8, PUBLISH);
  for (let token = 100; token < 3000; token += 1)
    trace.call(token, 'publish', token, -2, PUBLISH).enter(token, 'request', token, 0);

  expect(lastSeen(trace.begin(3001, 'publish', 8)).call?.request).toBeDefined();
  expect(lastSeen(trace.enter(3002, 'request', 7, 0)).call).toMatchObject({ token: 7, fn: 'publish' });
});
