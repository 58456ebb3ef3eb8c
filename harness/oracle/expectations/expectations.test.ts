import { expect, test } from '@jest/globals';

import { barePacket, publishPacket } from '../packets.ts';
import { connectedTrace, initialisedTrace, judgeTrace, Trace } from '../trace-builder.ts';
import type { Verdict } from '../verdict.ts';
import type { ExpectHappening } from './expectation.ts';
import { expectations } from './expectations.ts';

const PUBLISH = { topic: 'a/b', payload: 'hello', qos: 1 };

/** The verdict on a trace with the expectation written at its end. */
function after(trace: Trace, happening: ExpectHappening): Verdict {
  return judgeTrace([], trace.host(trace.events.at(-1)?.at ?? 0, { ...happening }));
}

/** The verdict on the events of `rest` with the expectation written before them. */
function before(trace: Trace, happening: ExpectHappening, rest: (trace: Trace) => Trace): Verdict {
  return judgeTrace([], rest(trace.host(trace.events.at(-1)?.at ?? 0, { ...happening })));
}

const published = () => connectedTrace().call(40, 'publish', 7, -2, PUBLISH);
const epilogue = (at: number) => ({ at, members: { k: 'phase', phase: 'epilogue' } });

test('returns: what was returned before or after the expectation counts alike', () => {
  const expected = expectations.returns(7, [-2, 0], 'M-2.wouldblock');

  expect(after(published(), expected)).toMatchObject({ outcome: 'pass', exercised: { 'expect:returns': 1 } });
  const early = before(connectedTrace(), expected, (trace) => trace.call(40, 'publish', 7, -2, PUBLISH));
  expect(early).toMatchObject({ outcome: 'pass', clausesExercised: { 'M-2.wouldblock': 1 } });
});

test('returns: another value is a finding, and no return at all proves nothing', () => {
  expect(after(published(), expectations.returns(7, [0], 'x')).findings).toMatchObject([
    { rule: 'expect:returns', clause: 'x', message: 'publish returned -2, expected 0' },
  ]);
  expect(after(published(), expectations.returns(99, [0], 'x')).outcome).toBe('inconclusive');
});

test('callback: one of the results, once, is met', () => {
  const called = () => published().enter(60, 'request', 7, 0);

  expect(after(called(), expectations.callback(7, [0], 'x')).outcome).toBe('pass');
  expect(after(called(), expectations.callback(7, [-9, 257], 'x')).outcome).toBe('fail');
  expect(after(called(), expectations.callback(7, [0], 'x', { count: 2 })).outcome).toBe('inconclusive');
});

test('callback: however many others are called back meanwhile, the callback of a call that waits is awaited', () => {
  const verdict = before(published(), expectations.callback(7, [0], 'x'), (trace) => {
    for (let token = 100; token < 1000; token += 1) {
      trace.call(token, 'publish', token, -2, PUBLISH).enter(token, 'request', token, 0);
      trace.host(token, { ...expectations.callback(token, [0], 'x') });
    }
    return trace.enter(1001, 'request', 7, 0);
  });

  expect(verdict).toMatchObject({ outcome: 'pass', exercised: { 'expect:callback': 901 } });
});

test('callback: silence is a finding once the callback was due, and proves nothing before', () => {
  expect(after(published().sync(1047), expectations.callback(7, [0], 'x')).outcome).toBe('fail');
  expect(after(published().sync(900), expectations.callback(7, [0], 'x')).outcome).toBe('inconclusive');
});

test('callback: a call that was refused can not be called back', () => {
  const refused = connectedTrace().call(40, 'publish', 7, -1, PUBLISH);

  expect(after(refused, expectations.callback(7, [0], 'x')).findings).toHaveLength(1);
});

test('no-callback: a callback is a finding, silence is proved by the quiet time', () => {
  expect(after(published().enter(60, 'request', 7, 0), expectations.noCallback(7, 'x')).outcome).toBe('fail');
  expect(after(published().sync(142), expectations.noCallback(7, 'x')).outcome).toBe('pass');
  expect(after(published().sync(100), expectations.noCallback(7, 'x')).outcome).toBe('inconclusive');
});

test('frame: fields, direction and count are compared, whenever the expectation is written', () => {
  const sent = () => published().up(45, publishPacket({ packetId: 5 }));
  const where = { qos: 1, topic: 'a/b', payload: { length: 5 } };
  const expected = expectations.frame({ dir: 'up', type: 'PUBLISH', where }, { min: 1, max: 1 }, 'x');

  expect(after(sent(), expected).outcome).toBe('pass');
  expect(after(published(), expected).outcome).toBe('fail');
  expect(after(sent().up(46, publishPacket({ packetId: 6 })), expected).outcome).toBe('fail');
  expect(after(published().up(45, publishPacket({ packetId: 5, qos: 2 })), expected).outcome).toBe('fail');
});

test('frame: what a gate holds and what the epilogue sends does not count', () => {
  const { at, members } = epilogue(50);
  const expected = expectations.frame({ type: 'PUBLISH' }, { max: 0 }, 'x');
  const held = connectedTrace().down(45, publishPacket(), { held: true });
  const later = connectedTrace().host(at, members).call(60, 'publish', 8, -2, PUBLISH).up(65, publishPacket());
  const late = published().host(at, members).up(55, publishPacket());

  expect(after(held, expected).outcome).toBe('pass');
  expect(after(later, expected).outcome).toBe('pass');
  expect(after(late, expected).outcome).toBe('fail');
});

test('connection-closed: by whom and before the end of the body', () => {
  const { at, members } = epilogue(50);
  const closed = () => connectedTrace().close(45, 'module');

  expect(after(closed(), expectations.connectionClosed({ slot: 0, by: 'module' }, 'x')).outcome).toBe('pass');
  expect(after(closed(), expectations.connectionClosed({ conn: 1, by: 'broker' }, 'x')).outcome).toBe('fail');
  const inEpilogue = connectedTrace().host(at, members).close(60, 'module');
  expect(after(inEpilogue, expectations.connectionClosed({ slot: 0 }, 'x')).outcome).toBe('fail');
});

test('no-connection: a connection in the body is a finding, one of the epilogue is not', () => {
  const { at, members } = epilogue(5);

  expect(after(initialisedTrace(), expectations.noConnection('x')).outcome).toBe('pass');
  expect(after(initialisedTrace().open(3), expectations.noConnection('x')).outcome).toBe('fail');
  expect(after(initialisedTrace().open(3), expectations.noConnection('x', 'other')).outcome).toBe('pass');
  expect(after(initialisedTrace().host(at, members).open(6), expectations.noConnection('x')).outcome).toBe('pass');
});

test('exception and incoming: callbacks are counted, also those that are heard after the body', () => {
  const { at, members } = epilogue(50);
  const late = connectedTrace().host(at, members).exception(49);
  const messages = connectedTrace().incoming(40, 4).incoming(41, 4, { topic: 'c' });

  expect(after(late, expectations.exception(0, 1, 'x')).outcome).toBe('pass');
  expect(after(connectedTrace(), expectations.exception(0, 1, 'x')).outcome).toBe('fail');
  expect(after(messages, expectations.incoming({ slot: 0, count: 2 }, 'x')).outcome).toBe('pass');
  expect(after(messages, expectations.incoming({ slot: 0, topic: 'c', count: 2 }, 'x')).outcome).toBe('fail');
});

test('tls-failed: a handshake that the server saw fail is met', () => {
  const failed = new Trace().open(0).broker(1, { k: 'tls-failed', conn: 1, code: 'X', message: 'x' });

  expect(after(failed, expectations.tlsFailed('x')).outcome).toBe('pass');
  expect(after(new Trace().open(0), expectations.tlsFailed('x')).outcome).toBe('fail');
});

test('fault-fired: a fault that did not fire is the rig’s, not the module’s', () => {
  const fired = new Trace().broker(0, { k: 'fault', fault: 'rst', act: 'fired' });

  expect(after(fired, expectations.faultFired('rst', 'x')).outcome).toBe('pass');
  expect(after(fired, expectations.faultFired('fin', 'x'))).toMatchObject({ outcome: 'inconclusive', findings: [] });
});

test('expectations of one predicate are judged each for itself', () => {
  const trace = published()
    .host(45, { ...expectations.returns(7, [-2], 'x') })
    .host(46, { ...expectations.returns(2, [0], 'y') });

  expect(judgeTrace([], trace)).toMatchObject({ findings: [{ clause: 'y' }], exercised: { 'expect:returns': 2 } });
});

test('what is stated too late to know all that it is about proves nothing, what is stated in time does', () => {
  const long = (trace: Trace) => {
    for (let n = 1; n <= 2500; n += 1) trace.up(50 + n, barePacket('PINGREQ'));
    return trace;
  };
  const expected = expectations.frame({ type: 'PINGREQ' }, { min: 2500 }, 'x');

  expect(before(connectedTrace(), expected, long)).toMatchObject({ outcome: 'pass' });
  expect(after(long(connectedTrace()), expectations.frame({ type: 'PUBLISH' }, { max: 0 }, 'x'))).toMatchObject({
    outcome: 'inconclusive',
    why: expect.stringContaining('state it before what it is about'),
  });
});
