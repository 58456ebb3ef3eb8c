import { expect, test } from '@jest/globals';

import { connackPacket, connectPacket, publishPacket, subscribePacket } from '../packets.ts';
import type { AnyRule } from '../rule.ts';
import { connectedTrace, initialisedTrace, judgeTrace, Trace } from '../trace-builder.ts';
import { returnsListedCode } from './rc-01-returns-listed-code.ts';
import { handleWithSuccess } from './rc-02-handle-with-success.ts';
import { statusIsListed } from './rc-03-status-is-listed.ts';
import { errIsListed } from './rc-04-err-is-listed.ts';
import { wouldblockHasCallback } from './rc-05-wouldblock-has-callback.ts';
import { refusedWithoutSession } from './rc-06-refused-without-session.ts';
import { refusalSendsNothing } from './rc-07-refusal-sends-nothing.ts';
import { qos3IsRefused } from './rc-08-qos-3-is-refused.ts';
import { illegalTopicIsRefused } from './rc-09-illegal-topic-is-refused.ts';
import { returnsInTime } from './rc-10-returns-in-time.ts';
import { nullIsInvalid } from './rc-11-null-is-invalid.ts';
import { staleHandleIsRefused } from './rc-12-stale-handle-is-refused.ts';
import { tcpFailureToldOnce } from './rc-13-tcp-failure-told-once.ts';
import { statusIsConnackCode } from './rc-14-status-is-connack-code.ts';

const PUBLISH = { topic: 'a/b', payload: 'hello', qos: 1 };

function found(rule: AnyRule, trace: Trace): number {
  return judgeTrace([rule], trace).findings.length;
}

/** How often the rule was exercised, if it found nothing. */
function keptBy(rule: AnyRule, trace: Trace): number {
  const verdict = judgeTrace([rule], trace);
  expect(verdict.findings).toEqual([]);
  return verdict.exercised[rule.id] ?? 0;
}

function connectAnswered(status: number): Trace {
  return initialisedTrace().call(10, 'connect', 2, -2).enter(30, 'connect', 2, status);
}

test.each([
  ['init', -10],
  ['publish', 1],
  ['is_connected', 2],
  ['is_connected', -1],
])('RC-01: %s returning %i is found', (fn, ret) => {
  expect(found(returnsListedCode, new Trace().call(0, fn, 1, ret))).toBe(1);
});

test('RC-01: listed codes, both answers of is_connected and the token string keep the rule', () => {
  const trace = new Trace().call(0, 'init', 1, -9).call(5, 'is_connected', 2, 1).call(9, 'onenet_token', 3, 1);

  const verdict = judgeTrace([returnsListedCode], trace);

  expect(verdict.findings).toEqual([]);
  expect(verdict.clausesExercised).toEqual({ 'M-2.listed-codes': 1, 'M-14.values': 1 });
});

test('RC-02: two live clients with one handle are found, a handle that was given back is not', () => {
  const twins = new Trace().call(0, 'init', 1, 0).call(5, 'init', 2, 0, { slot: 1 });
  const again = new Trace().call(0, 'init', 1, 0).call(5, 'deinit', 2, 0).call(9, 'init', 3, 0, { slot: 1 });

  expect(judgeTrace([handleWithSuccess], twins).findings).toMatchObject([{ clause: 'M-1.handle' }]);
  expect(keptBy(handleWithSuccess, again)).toBe(2);
});

test('RC-02: a failed init that writes the handle is found, one that leaves it alone is not', () => {
  const init = (handle: number) =>
    new Trace().call(0, 'is_connected', 1, 0).request(5, 'init', 2).ret(6, 'init', 2, -4, { handle });

  expect(judgeTrace([handleWithSuccess], init(9)).findings).toMatchObject([{ clause: 'M-1.handle-untouched' }]);
  expect(keptBy(handleWithSuccess, init(1))).toBe(1);
});

test('RC-03: a CONNACK code passed through raw is found, a listed status is not', () => {
  expect(found(statusIsListed, connectAnswered(6))).toBe(1);
  expect(keptBy(statusIsListed, connectAnswered(257))).toBe(1);
});

test('RC-04: an err of neither list is found; one of either is noted as such', () => {
  const failed = (err: number) => connectedTrace().call(40, 'publish', 7, -2, PUBLISH).enter(60, 'request', 7, err);

  expect(found(errIsListed, failed(128))).toBe(1);
  expect(keptBy(errIsListed, failed(-9))).toBe(1);
  expect(judgeTrace([errIsListed], failed(257)).observations).toEqual([
    { clause: 'D-3', name: 'err of a failed request', value: 'status' },
  ]);
});

test('RC-05: an init that returns WOUNDBLOCK is found, a publish is not', () => {
  expect(found(wouldblockHasCallback, new Trace().call(0, 'init', 1, -2))).toBe(1);
  expect(keptBy(wouldblockHasCallback, new Trace().call(0, 'publish', 1, -2))).toBe(1);
});

test.each(['publish', 'sub_unsub', 'disconnect'])(
  'RC-06: %s accepted on an idle client is found, refused is not',
  (fn) => {
    expect(found(refusedWithoutSession, initialisedTrace().call(10, fn, 2, -2))).toBe(1);
    expect(keptBy(refusedWithoutSession, initialisedTrace().call(10, fn, 2, -6))).toBe(1);
  },
);

test('RC-06: while connecting a publish is judged only as long as no CONNACK was sent', () => {
  const connecting = () => {
    const trace = initialisedTrace().call(10, 'connect', 2, -2, { host: 'mqtt://127.0.0.1:1883' });
    return trace.open(15).up(20, connectPacket());
  };

  expect(found(refusedWithoutSession, connecting().call(22, 'publish', 7, -2, PUBLISH))).toBe(1);
  expect(
    keptBy(refusedWithoutSession, connecting().down(21, connackPacket()).call(22, 'publish', 7, -2, PUBLISH)),
  ).toBe(0);
});

test('RC-06: a session that breaks during the call excuses either answer', () => {
  const trace = connectedTrace().request(40, 'publish', 7, PUBLISH).begin(41, 'publish', 7).exception(42);

  expect(keptBy(refusedWithoutSession, trace.ret(43, 'publish', 7, -2))).toBe(0);
});

test('RC-07: the PUBLISH of a refused publish is found whether it or the return is heard first', () => {
  const packetFirst = connectedTrace().request(40, 'publish', 7, PUBLISH).up(41, publishPacket());
  packetFirst.begin(40.5, 'publish', 7).ret(40.7, 'publish', 7, -1).sync(5000);
  const returnFirst = connectedTrace().call(40, 'publish', 7, -1, PUBLISH).up(45, publishPacket()).sync(5000);

  expect(found(refusalSendsNothing, packetFirst)).toBe(1);
  expect(found(refusalSendsNothing, returnFirst)).toBe(1);
});

test('RC-07: a packet that fits the next call too is taken for that one’s', () => {
  const trace = connectedTrace()
    .request(40, 'publish', 7, PUBLISH)
    .request(40, 'publish', 8, PUBLISH)
    .up(41, publishPacket())
    .begin(40.1, 'publish', 7)
    .ret(40.2, 'publish', 7, -3)
    .begin(40.3, 'publish', 8)
    .ret(40.4, 'publish', 8, -2)
    .sync(5000);

  expect(keptBy(refusalSendsNothing, trace)).toBe(1);
});

test.each([
  ['publish', { ...PUBLISH, qos: 3 }, 'MQTT-3.3.1-4'],
  ['sub_unsub', { topic: 'a', qos: 255, sub: 1 }, 'MQTT-3.8.3-4'],
  ['connect', { info: { willTopic: 'w', willQos: 3 } }, 'MQTT-3.1.2-14'],
])('RC-08: QoS 3 of a %s is found when it reaches the wire', (fn, params, clause) => {
  const refused = initialisedTrace().call(10, fn, 7, -1, params);
  const sent = new Trace().open(0).up(1, publishPacket(), { lint: [{ clause, says: 'QoS 3' }] });

  expect(judgeTrace([qos3IsRefused], refused).clausesExercised).toEqual({ [clause]: 1 });
  expect(judgeTrace([qos3IsRefused], sent).findings).toMatchObject([{ clause }]);
});

test.each([
  ['publish', { ...PUBLISH, topic: 'a/#' }, 'MQTT-3.3.2-2'],
  ['publish', { ...PUBLISH, topic: '' }, 'MQTT-4.7.3-1'],
  ['publish', { ...PUBLISH, topic: { pattern: 'a', length: 65_536 } }, 'MQTT-4.7.3-3'],
  ['sub_unsub', { topic: 'a#', qos: 0, sub: 1 }, 'MQTT-4.7.1-2'],
  ['sub_unsub', { topic: '#/a', qos: 0, sub: 0 }, 'MQTT-4.7.1-2'],
  ['sub_unsub', { topic: 'a+/b', qos: 0, sub: 1 }, 'MQTT-4.7.1-3'],
])('RC-09: a %s with the topic of %j exercises %s', (fn, params, clause) => {
  const verdict = judgeTrace([illegalTopicIsRefused], connectedTrace().call(40, fn, 7, -1, params));

  expect(verdict.clausesExercised).toHaveProperty([clause]);
});

test('RC-09: legal wildcards exercise nothing, an illegal filter on the wire is found', () => {
  const legal = connectedTrace().call(40, 'sub_unsub', 7, -2, { topic: '+/a/#', qos: 0, sub: 1 });
  const sent = new Trace().open(0).up(1, subscribePacket(1, 'a#'), { lint: [{ clause: 'MQTT-4.7.1-2', says: 'a#' }] });

  expect(keptBy(illegalTopicIsRefused, legal)).toBe(0);
  expect(found(illegalTopicIsRefused, sent)).toBe(1);
});

test('RC-10: a call that has not returned after its budget, and a slow one that says WOUNDBLOCK, are found', () => {
  const late = initialisedTrace().begin(10, 'publish', 2).sync(516);
  const slowConnect = initialisedTrace().begin(10, 'connect', 2).ret(700, 'connect', 2, -2);

  expect(found(returnsInTime, late)).toBe(1);
  expect(found(returnsInTime, slowConnect)).toBe(1);
});

test('RC-10: a connect may block as long as it then has a result', () => {
  const trace = initialisedTrace().begin(10, 'connect', 2).ret(900, 'connect', 2, -5);

  expect(keptBy(returnsInTime, trace)).toBe(2);
});

test.each([
  ['init', { client: 'null' }],
  ['connect', { host: null }],
  ['connect', { host: 'mqtt://h', info: null }],
  ['publish', { ...PUBLISH, topic: null }],
])('RC-11: %s with NULL in %j is found unless it returns -1', (fn, params) => {
  expect(found(nullIsInvalid, connectedTrace().call(40, fn, 7, -2, params))).toBe(1);
  expect(keptBy(nullIsInvalid, connectedTrace().call(40, fn, 7, -1, params))).toBe(1);
});

test('RC-11: without a session -6 may come before -1, and a token without a key is NULL', () => {
  const idle = initialisedTrace().call(10, 'publish', 7, -6, { ...PUBLISH, topic: null });
  const token = new Trace().call(0, 'onenet_token', 1, 1, { accessKey: null });

  expect(found(nullIsInvalid, idle)).toBe(0);
  expect(judgeTrace([nullIsInvalid], token).findings).toMatchObject([{ clause: 'M-16.null-on-failure' }]);
});

test('RC-12: a call accepted on a handle that was released, or never given out, is found', () => {
  const released = initialisedTrace().call(10, 'deinit', 2, 0).call(20, 'connect', 3, -2);
  const unknown = initialisedTrace().call(10, 'connect', 3, -2, { client: { value: 12_345 } });
  const connected = initialisedTrace().call(10, 'is_connected', 3, 1, { client: { value: 12_345 } });

  for (const trace of [released, unknown, connected]) expect(found(staleHandleIsRefused, trace)).toBe(1);
});

test('RC-12: refusals keep the rule, and a value that a live client has is no stale handle', () => {
  const refused = initialisedTrace()
    .call(10, 'deinit', 2, 0)
    .call(20, 'publish', 3, -6, PUBLISH)
    .call(30, 'is_connected', 4, 0);
  const alive = initialisedTrace().call(10, 'connect', 3, -2, { slot: 1, client: { value: 1 } });

  expect(keptBy(staleHandleIsRefused, refused)).toBe(2);
  expect(keptBy(staleHandleIsRefused, alive)).toBe(0);
});

test('RC-12: a handle whose variable a second init overwrote is alive until it is released by its value', () => {
  const overwritten = () =>
    new Trace()
      .request(0, 'init', 1)
      .begin(1, 'init', 1)
      .ret(2, 'init', 1, 0, { handle: 1 })
      .request(10, 'init', 2)
      .begin(11, 'init', 2)
      .ret(12, 'init', 2, 0, { handle: 2 });
  const first = { client: { value: 1 } };

  expect(keptBy(staleHandleIsRefused, overwritten().call(20, 'connect', 3, -2, first))).toBe(0);
  expect(keptBy(staleHandleIsRefused, overwritten().call(20, 'deinit', 3, 0).call(30, 'connect', 4, -2, first))).toBe(
    0,
  );
  expect(
    found(staleHandleIsRefused, overwritten().call(20, 'deinit', 3, 0, first).call(30, 'connect', 4, -2, first)),
  ).toBe(1);
});

test('RC-13: -5 and a callback for one connect are found, either alone is not', () => {
  const both = initialisedTrace().call(10, 'connect', 2, -5).enter(20, 'connect', 2, 254);
  const early = initialisedTrace().begin(10, 'connect', 2).enter(11, 'connect', 2, 254).ret(12, 'connect', 2, -5);
  const code = initialisedTrace().call(10, 'connect', 2, -5).sync(5000);

  expect(found(tcpFailureToldOnce, both)).toBe(1);
  expect(found(tcpFailureToldOnce, early)).toBe(1);
  expect(keptBy(tcpFailureToldOnce, code)).toBe(1);
  expect(keptBy(tcpFailureToldOnce, connectAnswered(254))).toBe(1);
});

function refusedBy(code: number, status: number): Trace {
  return initialisedTrace()
    .call(10, 'connect', 2, -2, { host: 'mqtt://127.0.0.1:1883' })
    .open(15)
    .up(20, connectPacket())
    .down(25, connackPacket(code))
    .enter(30, 'connect', 2, status);
}

test.each([1, 2, 3, 4, 5])('RC-14: CONNACK %i told as another status is found, told as it is it is not', (code) => {
  expect(found(statusIsConnackCode, refusedBy(code, 256))).toBe(1);
  expect(found(statusIsConnackCode, refusedBy(code, 0))).toBe(1);
  expect(keptBy(statusIsConnackCode, refusedBy(code, code))).toBe(1);
});

test('RC-14: status 0 before any CONNACK is found; what becomes of a late or a reserved one is the module’s to say', () => {
  const early = initialisedTrace()
    .call(10, 'connect', 2, -2, { host: 'mqtt://127.0.0.1:1883' })
    .open(15)
    .enter(16, 'connect', 2, 0);

  expect(found(statusIsConnackCode, early)).toBe(1);
  expect(keptBy(statusIsConnackCode, refusedBy(0, 257))).toBe(0);
  expect(keptBy(statusIsConnackCode, refusedBy(6, 256))).toBe(0);
});
