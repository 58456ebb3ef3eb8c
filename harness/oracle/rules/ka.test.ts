import { expect, test } from '@jest/globals';

import type { Packet } from '../../../broker/events.ts';
import {
  ackPacket,
  barePacket,
  byteSummary,
  connackPacket,
  connectPacket,
  publishPacket,
  textSummary,
} from '../packets.ts';
import type { AnyRule } from '../rule.ts';
import { initialisedTrace, judgeTrace, proofs, type Trace } from '../trace-builder.ts';
import { pingsInTime } from './ka-01-pings-in-time.ts';
import { noPingWithoutKeepAlive } from './ka-02-no-ping-without-keep-alive.ts';
import { onePingAtATime } from './ka-03-one-ping-at-a-time.ts';
import { missingPingrespIsTold } from './ka-04-missing-pingresp-is-told.ts';
import { noExceptionWithoutCause } from './ka-05-no-exception-without-cause.ts';
import { inboundPostponesNothing } from './ka-06-inbound-postpones-nothing.ts';

const PINGREQ = barePacket('PINGREQ');
const PINGRESP = barePacket('PINGRESP');

function found(rule: AnyRule, trace: Trace): number {
  return judgeTrace([rule], trace).findings.length;
}

/** How often the rule was exercised, if it found nothing. */
function keptBy(rule: AnyRule, trace: Trace): number {
  const verdict = judgeTrace([rule], trace);
  expect(verdict.findings).toEqual([]);
  return verdict.exercised[rule.id] ?? 0;
}

/** Connected with that keep-alive; CONNECT at 20 ms, the connection callback at 30 ms. */
function kept(keepAliveS: number): Trace {
  return initialisedTrace()
    .call(10, 'connect', 2, -2, { host: 'mqtt://127.0.0.1:1883', info: { clientId: 'bench', keepAlive: keepAliveS } })
    .open(15)
    .up(20, connectPacket({ keepAliveS }))
    .down(25, connackPacket())
    .enter(30, 'connect', 2, 0);
}

test('KA-01: a gap longer than the keep-alive and the way is found', () => {
  expect(found(pingsInTime, kept(1).sync(1126))).toBe(1);
  expect(found(pingsInTime, kept(1).sync(1120))).toBe(0);
});

test('KA-01: packets to the module do not stand for its own', () => {
  const trace = kept(1).down(500, PINGRESP).down(1000, PINGRESP);

  expect(found(pingsInTime, trace.sync(1126))).toBe(1);
});

test('KA-01: pings in time, keep-alive 0 and a connection that ended keep the rule', () => {
  const pinging = kept(1).up(1000, PINGREQ).up(2000, PINGREQ).close(2100, 'module').sync(9000);

  expect(keptBy(pingsInTime, pinging)).toBe(2);
  expect(keptBy(pingsInTime, kept(0).sync(90_000))).toBe(0);
});

test('KA-01: a gap that lasts is told once, and the next one again', () => {
  const lasting = kept(1).up(500, PINGREQ).sync(9000);
  const again = kept(1).up(500, PINGREQ).sync(2600).up(2700, ackPacket('PUBACK', 3)).sync(9000);

  expect(proofs(judgeTrace([pingsInTime], lasting))).toEqual([[11]]);
  expect(proofs(judgeTrace([pingsInTime], again))).toEqual([[11], [13]]);
});

test('KA-02: a PINGREQ with keep-alive 0 is found, a silent connection is not', () => {
  expect(found(noPingWithoutKeepAlive, kept(0).up(500, PINGREQ))).toBe(1);
  expect(keptBy(noPingWithoutKeepAlive, kept(0).close(500, 'module'))).toBe(1);
  expect(keptBy(noPingWithoutKeepAlive, kept(5).up(500, PINGREQ).close(600, 'module'))).toBe(0);
});

test('KA-03: a second PINGREQ while the first may yet be answered is found', () => {
  expect(found(onePingAtATime, kept(1).up(500, PINGREQ).up(600, PINGREQ))).toBe(1);
  expect(keptBy(onePingAtATime, kept(1).up(500, PINGREQ).down(501, PINGRESP).up(900, PINGREQ))).toBe(1);
});

test('KA-03, KA-04: a PINGREQ of the server, which may send none, is not the module’s', () => {
  const trace = kept(1).down(500, PINGREQ).up(600, PINGREQ).down(601, PINGRESP).down(700, PINGREQ).sync(10_000);

  expect(found(onePingAtATime, trace)).toBe(0);
  expect(found(missingPingrespIsTold, trace)).toBe(0);
});

test('KA-04: a PINGREQ that is never answered and never told is found, also while a gate holds the answer', () => {
  const bound = 500 + 1500 + 300;

  expect(
    found(
      missingPingrespIsTold,
      kept(1)
        .up(500, PINGREQ)
        .sync(bound + 6),
    ),
  ).toBe(1);
  expect(
    found(
      missingPingrespIsTold,
      kept(1)
        .up(500, PINGREQ)
        .down(501, PINGRESP, { held: true })
        .sync(bound + 6),
    ),
  ).toBe(1);
  expect(
    found(
      missingPingrespIsTold,
      kept(1)
        .up(500, PINGREQ)
        .sync(bound + 4),
    ),
  ).toBe(0);
});

test('KA-04: an exception in time keeps the rule, and an answer takes its premise away', () => {
  const told = kept(1).up(500, PINGREQ).close(1500, 'module').exception(1501).sync(9000);
  const answered = kept(1).up(500, PINGREQ).down(501, PINGRESP).sync(9000);
  const left = kept(1).up(500, PINGREQ).call(600, 'disconnect', 3, -2).sync(9000);

  expect(keptBy(missingPingrespIsTold, told)).toBe(1);
  expect(keptBy(missingPingrespIsTold, answered)).toBe(0);
  expect(keptBy(missingPingrespIsTold, left)).toBe(0);
});

/** A message of 64 KiB goes to the module. */
function large(qos: 0 | 1): Trace {
  const [packetId, topic, payload] = [qos === 0 ? null : 7, textSummary('a/b'), byteSummary('x'.repeat(65_536))];
  const packet: Packet = { type: 'PUBLISH', dup: false, qos, retain: false, topic, packetId, payload };
  return kept(1).broker(500, { k: 'frame', conn: 1, dir: 'down', frame: 2, length: 65_550, hex: '', packet, lint: [] });
}

test('KA-05: a large message that the module took is no cause', () => {
  const taken = large(1).up(510, { type: 'PUBACK', packetId: 7 }).exception(600);

  expect(found(noExceptionWithoutCause, taken)).toBe(1);
});

test('KA-05: a large message that was brought to the application is no cause', () => {
  const brought = large(0)
    .incoming(510, 2, { topic: 'a/b', payload: 'x'.repeat(65_536) })
    .exception(600);

  expect(found(noExceptionWithoutCause, brought)).toBe(1);
});

test('KA-05: an exception over a sound connection is found', () => {
  expect(found(noExceptionWithoutCause, kept(1).up(500, PINGREQ).down(501, PINGRESP).exception(600))).toBe(1);
});

test('KA-05: a connection that the module closes itself is none that was lost, whatever the broker answers', () => {
  const left = kept(1).fin(500, 'up').fin(501, 'down').close(502, 'module');

  expect(found(noExceptionWithoutCause, left.exception(600))).toBe(1);
});

test.each([
  ['an unanswered PINGREQ', kept(1).up(500, PINGREQ)],
  ['a FIN of the broker', kept(1).fin(500, 'down')],
  ['an end by the broker', kept(1).close(500, 'broker')],
  ['an illegal packet', kept(1).down(500, PINGRESP, { defects: [{ clause: 'MQTT-2.2.2-1', says: 'flags' }] })],
  ['a large message that it did not take', large(0)],
  [
    'the end of the data call',
    kept(1).host(500, { k: 'request', id: 9, method: 'network.down', params: {}, attempt: 1 }),
  ],
  ['a packet that is held back', kept(1).down(500, PINGRESP, { held: true })],
])('KA-05: %s is a cause', (_, trace) => {
  expect(keptBy(noExceptionWithoutCause, trace.exception(600))).toBe(1);
});

test('KA-06: a PINGREQ that messages to the module keep from coming is found, silence is KA-01’s', () => {
  const heard = kept(1).down(500, publishPacket({ qos: 0 }));

  expect(proofs(judgeTrace([inboundPostponesNothing], heard.sync(1126)))).toEqual([[8, 11]]);
  expect(found(inboundPostponesNothing, kept(1).sync(1126))).toBe(0);
});

test('KA-06: a PINGREQ in time keeps it, and an answer by the module begins the gap again', () => {
  const heard = () => kept(1).down(500, publishPacket({ packetId: 3 }));

  expect(keptBy(inboundPostponesNothing, heard().up(1000, PINGREQ).sync(1500))).toBe(1);
  expect(keptBy(inboundPostponesNothing, heard().up(501, ackPacket('PUBACK', 3)).up(1400, PINGREQ))).toBe(0);
});
