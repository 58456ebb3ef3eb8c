import { expect, test } from '@jest/globals';

import { barePacket, connackPacket, connectPacket } from '../packets.ts';
import type { AnyRule } from '../rule.ts';
import { connectedTrace, initialisedTrace, judgeTrace, Trace } from '../trace-builder.ts';
import { secondCalls } from './ob-01-second-calls.ts';
import { isConnectedFollowsSession } from './st-01-is-connected-follows-session.ts';
import { connectedNeedsConnack } from './st-02-connected-needs-connack.ts';
import { secondConnectIsRefused } from './st-03-second-connect-is-refused.ts';
import { connectsAgain } from './st-04-connects-again.ts';
import { noConnectionUnasked } from './st-05-no-connection-unasked.ts';
import { oneConnectionAtATime } from './st-06-one-connection-at-a-time.ts';
import { pathOfAutomaton } from './st-07-path-of-automaton.ts';

function found(rule: AnyRule, trace: Trace): number {
  return judgeTrace([rule], trace).findings.length;
}

/** How often the rule was exercised, if it found nothing. */
function keptBy(rule: AnyRule, trace: Trace): number {
  const verdict = judgeTrace([rule], trace);
  expect(verdict.findings).toEqual([]);
  return verdict.exercised[rule.id] ?? 0;
}

function connectingTrace(): Trace {
  return initialisedTrace()
    .call(10, 'connect', 2, -2, { host: 'mqtt://127.0.0.1:1883', info: { clientId: 'bench' } })
    .open(15)
    .up(20, connectPacket());
}

test('ST-01: 1 on an idle client, and 1 while connecting before any CONNACK was sent, are found', () => {
  expect(found(isConnectedFollowsSession, initialisedTrace().call(10, 'is_connected', 2, 1))).toBe(1);
  expect(found(isConnectedFollowsSession, connectingTrace().call(22, 'is_connected', 3, 1))).toBe(1);
});

test('ST-01: 0 in a session of which no end is told is found at its deadline', () => {
  const trace = () => connectedTrace().call(40, 'is_connected', 3, 0);

  expect(found(isConnectedFollowsSession, trace().sync(300))).toBe(1);
  expect(found(isConnectedFollowsSession, trace().exception(60).sync(300))).toBe(0);
  expect(found(isConnectedFollowsSession, trace().close(45, 'broker').sync(300))).toBe(0);
});

test('ST-01: right answers keep the rule, also inside the exception callback', () => {
  const trace = connectedTrace().call(40, 'is_connected', 3, 1).exception(50).call(51, 'is_connected', 4, 0);

  expect(keptBy(isConnectedFollowsSession, trace)).toBe(2);
});

test('ST-01: once the CONNACK was sent either answer is right until the callback', () => {
  const trace = connectingTrace().down(25, connackPacket()).call(26, 'is_connected', 3, 1);

  expect(found(isConnectedFollowsSession, trace)).toBe(0);
});

test('ST-02: 1 before a CONNACK 0 was sent, and 1 after DISCONNECT, are found', () => {
  const refused = connectingTrace()
    .down(25, connackPacket(5))
    .enter(30, 'connect', 2, 0)
    .call(40, 'is_connected', 3, 1);
  const left = connectedTrace().up(40, barePacket('DISCONNECT')).call(60, 'is_connected', 3, 1);

  expect(found(connectedNeedsConnack, refused)).toBe(1);
  expect(found(connectedNeedsConnack, left)).toBe(1);
});

test('ST-02: 1 in a session keeps the rule, also within the clock uncertainty of a DISCONNECT', () => {
  const trace = connectedTrace().up(40, barePacket('DISCONNECT')).call(44, 'is_connected', 3, 1);

  expect(keptBy(connectedNeedsConnack, trace)).toBe(1);
});

test('ST-03: a second connect that is accepted is found, a refused one is not', () => {
  expect(found(secondConnectIsRefused, connectedTrace().call(40, 'connect', 3, -2))).toBe(1);
  expect(found(secondConnectIsRefused, connectingTrace().call(22, 'connect', 3, -2))).toBe(1);
  expect(keptBy(secondConnectIsRefused, connectedTrace().call(40, 'connect', 3, -8))).toBe(1);
});

test.each([
  ['the broker closed it', connectedTrace().close(40, 'broker')],
  ['the broker sent FIN', connectedTrace().fin(40, 'down')],
  ['the module left it', connectedTrace().fin(40, 'up').close(41, 'module')],
])('ST-03: once the connection is lost, %s, a connect is no second one, told or not', (_, trace) => {
  expect(keptBy(secondConnectIsRefused, trace.call(60, 'connect', 3, -2))).toBe(0);
});

test('ST-03: the end of an older connection does not excuse a second connect', () => {
  const again = connectedTrace()
    .exception(40)
    .call(50, 'connect', 3, -2, { host: 'mqtt://127.0.0.1:1883', info: { clientId: 'bench' } })
    .open(55, 2)
    .up(56, connectPacket(), { conn: 2 })
    .close(57, 'module')
    .down(58, connackPacket(), { conn: 2 })
    .enter(59, 'connect', 3, 0);

  expect(found(secondConnectIsRefused, again.call(70, 'connect', 4, -2))).toBe(1);
});

test('ST-03: a connect whose own callback overtakes its return is no second one', () => {
  const trace = initialisedTrace().begin(10, 'connect', 2).enter(11, 'connect', 2, 0).ret(12, 'connect', 2, -2);

  expect(keptBy(secondConnectIsRefused, trace)).toBe(0);
});

test('ST-04: a connect refused as a bad request after the end of a session is found, an accepted one is not', () => {
  const ended = () => connectedTrace().exception(50);

  expect(found(connectsAgain, ended().call(60, 'connect', 3, -8))).toBe(1);
  expect(keptBy(connectsAgain, ended().call(60, 'connect', 3, -2))).toBe(1);
});

test('ST-04: inside the callback that tells the end a refusal is left to the module', () => {
  const trace = connectedTrace().exception(50).begin(51, 'connect', 3, { in: 9 }).ret(52, 'connect', 3, -8);

  expect(found(connectsAgain, trace)).toBe(0);
});

test('ST-05: a connection that no connect call was under way for is found once it is claimed', () => {
  const reconnect = connectedTrace().close(40, 'broker').exception(45).open(50, 2);

  expect(found(noConnectionUnasked, reconnect)).toBe(0);
  expect(found(noConnectionUnasked, reconnect.broker(51, { k: 'claimed', conn: 2, by: 'loopback' }))).toBe(1);
});

test('ST-05: a stranger is nobody’s connection, and the one of a connect call keeps the rule', () => {
  const trace = connectedTrace().open(50, 2).broker(51, { k: 'stranger', conn: 2, why: 'no claim' });

  expect(keptBy(noConnectionUnasked, trace)).toBe(1);
});

test('ST-06: a connection that stays open after its session is found, one that is closed is not', () => {
  const ended = () => connectedTrace().call(40, 'disconnect', 3, -2).enter(50, 'disconnect', 3, 0);

  expect(found(oneConnectionAtATime, ended().sync(300))).toBe(1);
  expect(keptBy(oneConnectionAtATime, ended().fin(60, 'up').sync(300))).toBe(1);
});

test('ST-06: a second connection beside an open one is found', () => {
  const trace = connectedTrace()
    .exception(40)
    .call(50, 'connect', 3, -2, { host: 'mqtt://127.0.0.1:1883', info: { clientId: 'bench' } })
    .open(55, 2)
    .sync(300);

  expect(judgeTrace([oneConnectionAtATime], trace).findings).toHaveLength(1);
});

test('ST-07: a connection callback on a client that is connected already is found', () => {
  expect(found(pathOfAutomaton, connectedTrace().enter(60, 'connect', 77, 0))).toBe(1);
});

test('ST-07: a connect accepted without a client is found', () => {
  expect(found(pathOfAutomaton, new Trace().call(0, 'connect', 2, -2))).toBe(1);
});

test('ST-07: init, connect, disconnect, deinit is a path, also when callbacks overtake returns', () => {
  const trace = initialisedTrace()
    .begin(10, 'connect', 2)
    .enter(11, 'connect', 2, 0)
    .ret(12, 'connect', 2, -2)
    .begin(20, 'disconnect', 3)
    .enter(21, 'disconnect', 3, 0)
    .ret(22, 'disconnect', 3, -2)
    .call(30, 'connect', 4, -2)
    .enter(35, 'connect', 4, 256)
    .call(40, 'deinit', 5, 0);

  expect(keptBy(pathOfAutomaton, trace)).toBeGreaterThan(5);
});

test('OB-01: what a second connect returns is noted, a first one is not', () => {
  const verdict = judgeTrace([secondCalls], connectedTrace().call(40, 'connect', 3, -8));

  expect(verdict.observations).toEqual([{ clause: 'D-17', name: 'connect on a client that is connected', value: -8 }]);
});
