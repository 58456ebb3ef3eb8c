import { expect, test } from '@jest/globals';

import type { Packet } from '../../../broker/events.ts';
import {
  ackPacket,
  barePacket,
  byteSummary,
  connackPacket,
  connectPacket,
  publishPacket,
  subscribePacket,
  unsubscribePacket,
} from '../packets.ts';
import type { AnyRule } from '../rule.ts';
import { connectedTrace, initialisedTrace, judgeTrace, Trace } from '../trace-builder.ts';
import { cleanSessionForgets } from './qc-11-clean-session-forgets.ts';
import { connectFirstAndOnce } from './wf-01-connect-first-and-once.ts';
import { fixedHeaderFlags } from './wf-02-fixed-header-flags.ts';
import { wholePackets } from './wf-03-whole-packets.ts';
import { protocolNameAndLevel } from './wf-04-protocol-name-and-level.ts';
import { connectFlagsFitPayload } from './wf-05-connect-flags-fit-payload.ts';
import { connectSaysClientInfo } from './wf-06-connect-says-client-info.ts';
import { cleanSessionAsAsked } from './wf-07-clean-session-as-asked.ts';
import { keepAliveAsAsked } from './wf-08-keep-alive-as-asked.ts';
import { emptyClientIdIsClean } from './wf-09-empty-client-id-is-clean.ts';
import { stringsAreUtf8 } from './wf-10-strings-are-utf8.ts';
import { packetIdIsThere } from './wf-11-packet-id-is-there.ts';
import { packetIdIsFree } from './wf-12-packet-id-is-free.ts';
import { resendIsTheSame } from './wf-13-resend-is-the-same.ts';
import { oneFilterAsAsked } from './wf-14-one-filter-as-asked.ts';
import { publishAsAsked } from './wf-15-publish-as-asked.ts';
import { oneTransmission } from './wf-16-one-transmission.ts';
import { nothingAfterDisconnect } from './wf-17-nothing-after-disconnect.ts';
import { disconnectBeforeFin } from './wf-18-disconnect-before-fin.ts';
import { acksAreOwed } from './wf-19-acks-are-owed.ts';
import { pubrelAfterPubrec } from './wf-20-pubrel-after-pubrec.ts';
import { acksInOrder } from './wf-21-acks-in-order.ts';
import { clientPacketsOnly } from './wf-22-client-packets-only.ts';

const PUBLISH = { topic: 'a/b', payload: 'hello', qos: 1, retain: 0 };

function found(rule: AnyRule, trace: Trace): number {
  return judgeTrace([rule], trace).findings.length;
}

/** How often the rule was exercised, if it found nothing. */
function keptBy(rule: AnyRule, trace: Trace): number {
  const verdict = judgeTrace([rule], trace);
  expect(verdict.findings).toEqual([]);
  return verdict.exercised[rule.id] ?? 0;
}

test('WF-01: a packet before CONNECT and a second CONNECT are found', () => {
  const before = new Trace().open(0).up(1, publishPacket());
  const twice = new Trace().open(0).up(1, connectPacket()).up(2, barePacket('PINGREQ')).up(3, connectPacket());

  expect(judgeTrace([connectFirstAndOnce], before).findings).toMatchObject([{ clause: 'MQTT-3.1.0-1', events: [2] }]);
  expect(judgeTrace([connectFirstAndOnce], twice).findings).toMatchObject([{ clause: 'MQTT-3.1.0-2', events: [2, 4] }]);
});

test('WF-01: one CONNECT on each connection keeps the rule', () => {
  const trace = new Trace()
    .open(0)
    .open(1, 2)
    .up(2, connectPacket())
    .up(3, connectPacket(), { conn: 2 })
    .close(4, 'module');

  expect(keptBy(connectFirstAndOnce, trace)).toBe(2);
});

const CONNECT_WITHOUT_ID = connectPacket({ clientId: '' });
const LINTED: readonly (readonly [AnyRule, string, Packet])[] = [
  [fixedHeaderFlags, 'MQTT-2.2.2-1', barePacket('PINGREQ')],
  [fixedHeaderFlags, 'MQTT-3.8.1-1', subscribePacket(1)],
  [wholePackets, 'MQTT-2.2.3', barePacket('PINGREQ')],
  [protocolNameAndLevel, 'MQTT-3.1.2-2', connectPacket()],
  [connectFlagsFitPayload, 'MQTT-3.1.2-22', connectPacket({ userName: 'u', password: byteSummary('p') })],
  [emptyClientIdIsClean, 'MQTT-3.1.3-7', CONNECT_WITHOUT_ID],
  [stringsAreUtf8, 'MQTT-1.5.3-1', publishPacket()],
  [packetIdIsThere, 'MQTT-2.3.1-1', publishPacket()],
  [packetIdIsFree, 'MQTT-2.3.1-2', subscribePacket(1)],
  [resendIsTheSame, 'MQTT-3.3.1-1', publishPacket({ dup: true })],
  [resendIsTheSame, 'MQTT-4.3.2-1', publishPacket()],
  [acksAreOwed, 'MQTT-2.3.1-6', ackPacket('PUBACK', 1)],
  [pubrelAfterPubrec, 'MQTT-4.3.3-1', ackPacket('PUBREL', 1)],
  [acksInOrder, 'MQTT-4.6.0-2', ackPacket('PUBACK', 1)],
  [clientPacketsOnly, 'MQTT-2.2.1', barePacket('PINGREQ')],
  [cleanSessionForgets, 'MQTT-3.1.2-6', connectPacket()],
];

test.each(LINTED)(
  '$id passes on what the linter says of %s, and is exercised by the packet without it',
  (rule, clause, packet) => {
    const clean = judgeTrace([rule], new Trace().open(0).up(1, packet));
    const dirty = judgeTrace([rule], new Trace().open(0).up(1, packet, { lint: [{ clause, says: 'wrong' }] }));

    expect(clean.findings).toEqual([]);
    expect(clean.clausesExercised).toHaveProperty([clause]);
    expect(dirty.findings).toEqual([{ rule: rule.id, clause, kind: 'specified', message: 'wrong', events: [2] }]);
  },
);

test('a packet to the module is no frame of the module’s', () => {
  const lint = [{ clause: 'MQTT-2.2.2-1', says: 'wrong' }];

  expect(keptBy(fixedHeaderFlags, new Trace().open(0).down(1, barePacket('PINGRESP'), { lint }))).toBe(0);
});

test('WF-03: bytes that are no packet are found, unless the connection was cut', () => {
  const bytes = { k: 'bytes', conn: 1, dir: 'up', hex: 'ff', length: 1, why: 'five length bytes' };

  expect(found(wholePackets, new Trace().open(0).broker(1, bytes))).toBe(1);
  expect(found(wholePackets, new Trace().open(0).close(1, 'broker').broker(2, bytes))).toBe(0);
});

const INFO = {
  clientId: 'bench',
  user: 'u',
  pass: 'p',
  willTopic: 'w',
  willMsg: 'm',
  willQos: 1,
  willRetain: 1,
  keepAlive: 60,
};
const WILL = { topic: 'w', message: byteSummary('m'), qos: 1, retain: true };
const FULL = { userName: 'u', password: byteSummary('p'), will: WILL, cleanSession: true };

function connectSent(info: Record<string, unknown>, packet: Packet): Trace {
  return initialisedTrace().call(10, 'connect', 2, -2, { host: 'mqtt://127.0.0.1:1883', info }).open(15).up(20, packet);
}

test.each([
  ['M-5.client-id', { clientId: 'other' }],
  ['M-5.user', { userName: 'v' }],
  ['M-5.password', { password: byteSummary('q') }],
  ['M-5.will', { will: null }],
  ['M-5.will', { will: { ...WILL, message: byteSummary('n') } }],
  ['M-5.will-qos', { will: { ...WILL, qos: 0 } }],
  ['M-5.will-retain', { will: { ...WILL, retain: false } }],
])('WF-06: a CONNECT that differs in %s is found', (clause, fields) => {
  const verdict = judgeTrace([connectSaysClientInfo], connectSent(INFO, connectPacket({ ...FULL, ...fields })));

  expect(verdict.findings).toMatchObject([{ clause }]);
});

test('WF-06: a CONNECT that says what it should keeps the rule, secrets by their checksum', () => {
  const secret = { redacted: true, ...byteSummary('p') };

  const verdict = judgeTrace([connectSaysClientInfo], connectSent({ ...INFO, pass: secret }, connectPacket(FULL)));

  expect(verdict.findings).toEqual([]);
  expect(Object.keys(verdict.clausesExercised)).toHaveLength(7);
});

test('WF-06: nothing is made of a password without a user, of an empty user and of no client information', () => {
  expect(keptBy(connectSaysClientInfo, connectSent({ clientId: 'bench', pass: 'p' }, connectPacket()))).toBe(1);
  expect(keptBy(connectSaysClientInfo, connectSent({ clientId: 'bench', user: '' }, connectPacket()))).toBe(1);
  expect(
    keptBy(connectSaysClientInfo, connectSent(INFO, connectPacket(FULL)).up(30, connectPacket(FULL), { conn: 9 })),
  ).toBe(1);
});

test('WF-07 and WF-08: another clean session flag and another keep-alive are found, the same are not', () => {
  const sent = () =>
    connectSent({ clientId: 'bench', cleanSession: 0, keepAlive: 60 }, connectPacket({ cleanSession: false }));
  const wrong = connectSent({ clientId: 'bench', cleanSession: 0, keepAlive: 5 }, connectPacket());

  expect(found(cleanSessionAsAsked, wrong)).toBe(1);
  expect(found(keepAliveAsAsked, wrong)).toBe(1);
  expect(keptBy(cleanSessionAsAsked, sent())).toBe(1);
  expect(keptBy(keepAliveAsAsked, sent())).toBe(1);
});

test('WF-07: of a clean_session that is neither 0 nor 1 nothing is said', () => {
  expect(keptBy(cleanSessionAsAsked, connectSent({ clientId: 'bench', cleanSession: 255 }, connectPacket()))).toBe(0);
});

const SUBSCRIBE = { topic: 'a/b', qos: 1, sub: 1 };

test.each([
  ['another filter', subscribePacket(1, 'a/c')],
  ['another QoS', subscribePacket(1, 'a/b', 0)],
  ['another kind of packet', unsubscribePacket(1)],
])('WF-14: %s than the call’s is found', (_, packet) => {
  expect(found(oneFilterAsAsked, connectedTrace().call(40, 'sub_unsub', 7, -2, SUBSCRIBE).up(45, packet))).toBe(1);
});

test('WF-14: the filter of the call keeps the rule, whichever is heard first', () => {
  const trace = connectedTrace()
    .request(40, 'sub_unsub', 7, SUBSCRIBE)
    .up(45, subscribePacket(1))
    .call(50, 'sub_unsub', 8, -2, { ...SUBSCRIBE, sub: 0 })
    .up(55, unsubscribePacket(2));

  expect(keptBy(oneFilterAsAsked, trace)).toBe(2);
});

test.each([
  ['M-9.publish', publishPacket({ topic: 'a/c' })],
  ['M-9.payload', publishPacket({ payload: 'hell' })],
  ['M-9.qos', publishPacket({ qos: 0 })],
  ['M-9.retain', publishPacket({ retain: true })],
])('WF-15: a PUBLISH that differs in %s is found', (clause, packet) => {
  const trace = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).up(45, packet);

  expect(judgeTrace([publishAsAsked], trace).findings).toMatchObject([{ clause }]);
});

test('WF-15: generated payloads and cut lengths are compared byte for byte', () => {
  const trace = connectedTrace()
    .call(40, 'publish', 7, -2, { ...PUBLISH, payload: { pattern: 'ab', length: 5 } })
    .up(45, publishPacket({ payload: 'ababa' }))
    .call(50, 'publish', 8, -2, { ...PUBLISH, payload: { hex: '68690021' }, length: 3 })
    .up(55, publishPacket({ payload: 'hi\u0000', packetId: 2 }));

  expect(keptBy(publishAsAsked, trace)).toBe(2);
});

test('WF-15: arguments overwritten after the call make an observation, not a finding', () => {
  const trace = connectedTrace()
    .call(40, 'publish', 7, -2, { ...PUBLISH, after: 'poison' })
    .up(45, publishPacket({ topic: 'xxx' }));

  const verdict = judgeTrace([publishAsAsked], trace);

  expect(verdict.findings).toEqual([]);
  expect(verdict.observations).toMatchObject([{ clause: 'D-20', value: 'sent as overwritten' }]);
});

test('WF-16: an accepted publish that sends nothing is found at its deadline', () => {
  expect(found(oneTransmission, connectedTrace().call(40, 'publish', 7, -2, PUBLISH).sync(1047))).toBe(1);
});

test('WF-16: a PUBLISH sent twice for one call at QoS 0 is found', () => {
  const once = connectedTrace()
    .call(40, 'publish', 7, -2, { ...PUBLISH, qos: 0 })
    .up(45, publishPacket({ qos: 0 }));

  expect(found(oneTransmission, once.up(46, publishPacket({ qos: 0 })))).toBe(1);
});

test('WF-16: a publish that fails, one whose session ends and a reaction armed twice keep the rule', () => {
  const failed = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).enter(900, 'request', 7, -9).sync(5000);
  const broken = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).exception(50).sync(5000);
  const reaction = connectedTrace()
    .host(35, {
      k: 'request',
      method: 'react.arm',
      params: { slot: 0, cb: 'inpub', times: 2, calls: [{ method: 'mqtt.publish', params: { ...PUBLISH, token: 7 } }] },
    })
    .up(45, publishPacket({ packetId: 1 }))
    .up(46, publishPacket({ packetId: 2, payload: 'hello' }));

  expect(keptBy(oneTransmission, failed)).toBe(1);
  expect(keptBy(oneTransmission, broken)).toBe(0);
  expect(keptBy(oneTransmission, reaction.sync(5000))).toBe(0);
});

test('WF-17: a packet after DISCONNECT and a connection that stays open after it are found', () => {
  const left = () => connectedTrace().up(40, barePacket('DISCONNECT'));

  expect(judgeTrace([nothingAfterDisconnect], left().up(41, barePacket('PINGREQ'))).findings).toMatchObject([
    { clause: 'MQTT-3.14.4-2' },
  ]);
  expect(judgeTrace([nothingAfterDisconnect], left().sync(241)).findings).toMatchObject([{ clause: 'MQTT-3.14.4-1' }]);
});

test('WF-17: a FIN after DISCONNECT keeps both clauses, a broker that is quicker only that of silence', () => {
  const fin = connectedTrace().up(40, barePacket('DISCONNECT')).fin(45, 'up').sync(5000);
  const broker = connectedTrace().up(40, barePacket('DISCONNECT')).close(45, 'broker').sync(5000);

  expect(judgeTrace([nothingAfterDisconnect], fin).clausesExercised).toEqual({
    'MQTT-3.14.4-1': 1,
    'MQTT-3.14.4-2': 1,
  });
  expect(judgeTrace([nothingAfterDisconnect], broker).clausesExercised).toEqual({ 'MQTT-3.14.4-2': 1 });
});

test('WF-18: closing without DISCONNECT is found whether the return or the close is heard first', () => {
  const returnFirst = connectedTrace().call(40, 'disconnect', 3, -2).close(45, 'module');
  const closeFirst = connectedTrace().request(40, 'disconnect', 3).close(45, 'module');
  closeFirst.begin(40.5, 'disconnect', 3).ret(41, 'disconnect', 3, -2);

  expect(found(disconnectBeforeFin, returnFirst)).toBe(1);
  expect(found(disconnectBeforeFin, closeFirst)).toBe(1);
});

test('WF-18: a DISCONNECT keeps the rule whether the return or the packet is heard first', () => {
  const returnFirst = connectedTrace()
    .call(40, 'disconnect', 3, -2)
    .up(44, barePacket('DISCONNECT'))
    .close(45, 'module');
  const packetFirst = connectedTrace()
    .request(40, 'disconnect', 3)
    .up(44, barePacket('DISCONNECT'))
    .close(45, 'module');
  packetFirst.begin(40.5, 'disconnect', 3).ret(41, 'disconnect', 3, -2);

  expect(keptBy(disconnectBeforeFin, returnFirst.sync(5000))).toBe(1);
  expect(keptBy(disconnectBeforeFin, packetFirst.sync(5000))).toBe(1);
});

test('WF-18: an accepted disconnect that sends nothing and leaves the connection open is found at its deadline', () => {
  expect(found(disconnectBeforeFin, connectedTrace().call(40, 'disconnect', 3, -2).sync(250))).toBe(1);
});

test('WF-18: a broker that closes first, or a fault on the connection, excuses the missing DISCONNECT', () => {
  const closed = connectedTrace().call(40, 'disconnect', 3, -2).close(45, 'broker').sync(5000);
  const faulted = connectedTrace().broker(35, { k: 'fault', fault: 'black-hole', act: 'fired', conn: 1 });

  expect(keptBy(disconnectBeforeFin, closed)).toBe(0);
  expect(keptBy(disconnectBeforeFin, faulted.call(40, 'disconnect', 3, -2).sync(5000))).toBe(0);
});

test('a CONNACK does not make a rule of the module’s packets speak', () => {
  expect(keptBy(protocolNameAndLevel, new Trace().open(0).down(1, connackPacket()))).toBe(0);
});
