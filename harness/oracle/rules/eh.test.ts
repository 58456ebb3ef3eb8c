import { expect, test } from '@jest/globals';

import { barePacket, connectPacket, publishPacket } from '../packets.ts';
import type { AnyRule } from '../rule.ts';
import { connectedTrace, initialisedTrace, judgeTrace, Trace } from '../trace-builder.ts';
import { illegalPacketEndsConnection } from './eh-01-illegal-packet-ends-connection.ts';
import { noResetNoHang } from './eh-02-no-reset-no-hang.ts';
import { newClientConnects } from './eh-03-new-client-connects.ts';
import { HEAP_AFTER, HEAP_WARM, heapComesBack } from './eh-04-heap-comes-back.ts';
import { lossIsTold } from './eh-05-loss-is-told.ts';
import { callbacksAreConserved } from './mm-05-callbacks-are-conserved.ts';
import { nothingInClear } from './tl-02-nothing-in-clear.ts';
import { sniIsNoAddress } from './tl-05-sni-is-no-address.ts';
import { noWeakCiphers } from './tl-06-no-weak-ciphers.ts';

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

test('EH-01: a connection that survives a packet with wrong flags is found', () => {
  const provoked = () =>
    connectedTrace().down(40, barePacket('PINGRESP'), { defects: [{ clause: 'MQTT-2.2.2-1', says: 'flags' }] });

  expect(judgeTrace([illegalPacketEndsConnection], provoked().sync(241)).findings).toMatchObject([
    { clause: 'MQTT-2.2.2-2' },
  ]);
  expect(keptBy(illegalPacketEndsConnection, provoked().fin(50, 'up').sync(5000))).toBe(1);
});

test('EH-01: what a client may pass over provokes nothing', () => {
  const trace = connectedTrace().down(40, publishPacket(), {
    defects: [{ clause: 'MQTT-4.3.1-1', says: 'DUP at QoS 0' }],
  });

  expect(keptBy(illegalPacketEndsConnection, trace.sync(5000))).toBe(0);
});

test('EH-02: an unannounced start is found, an announced one is not', () => {
  const boot = (announced: boolean) => connectedTrace().host(40, { k: 'boot', id: 'x', cause: 'panic', announced });

  expect(judgeTrace([noResetNoHang], boot(false)).findings).toMatchObject([
    { clause: 'A-1.no-reset', kind: 'specified' },
  ]);
  expect(found(noResetNoHang, boot(true))).toBe(0);
});

test('EH-02: of a start between two attempts it is said which ones', () => {
  const boot = { k: 'boot', id: 'x', cause: 'panic', announced: false, after: 'publish/qos1@mqtt' } as const;

  const { findings } = judgeTrace([noResetNoHang], connectedTrace().host(40, boot));

  expect(findings.map(({ message }) => message)).toEqual([
    'the module started again unannounced after publish/qos1@mqtt had ended, before this scenario began, cause panic',
  ]);
});

test('EH-02: a call that never returned is found at the end, and when the module is reset for it', () => {
  const hung = () => connectedTrace().begin(40, 'publish', 7);

  expect(judgeTrace([noResetNoHang], hung().sync(5000)).findings).toMatchObject([{ clause: 'A-2.no-hang' }]);
  expect(found(noResetNoHang, hung().module(5000, { k: 'reset', why: 'stuck' }))).toBe(1);
  expect(found(noResetNoHang, hung().sync(100))).toBe(0);
});

test('EH-02: a scenario that ends and calls that return exercise both clauses', () => {
  expect(judgeTrace([noResetNoHang], initialisedTrace()).clausesExercised).toEqual({
    'A-1.no-reset': 1,
    'A-2.no-hang': 1,
  });
});

test('TL-02: a CONNECT in clear for an mqtts host is found, one inside TLS is not', () => {
  const connecting = () => initialisedTrace().call(10, 'connect', 2, -2, { host: 'mqtts://127.0.0.1:1883' }).open(15);
  const secured = connecting().broker(18, { k: 'tls-secured', conn: 1, version: 'TLSv1.2', cipher: 'x', sni: null });

  expect(found(nothingInClear, connecting().up(20, connectPacket()))).toBe(1);
  expect(keptBy(nothingInClear, secured.up(20, connectPacket()))).toBe(2);
});

test('TL-02: a connection to an mqtts host that begins with no ClientHello is found, another handshake that fails is not', () => {
  const failing = (code: string) =>
    initialisedTrace()
      .call(10, 'connect', 2, -2, { host: 'mqtts://127.0.0.1:1883' })
      .open(15)
      .broker(18, { k: 'tls-failed', conn: 1, code, message: '' });

  expect(found(nothingInClear, failing('NO_CLIENT_HELLO'))).toBe(1);
  expect(found(nothingInClear, failing('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'))).toBe(0);
});

test('TL-05 and TL-06: an address as server name and an RC4 suite in a ClientHello are found', () => {
  const hello = (sni: string | null, ciphers: readonly number[]) =>
    new Trace().open(0).broker(1, { k: 'client-hello', conn: 1, sni, versions: [], ciphers, extensions: [] });

  expect(found(sniIsNoAddress, hello('127.0.0.1', []))).toBe(1);
  expect(keptBy(sniIsNoAddress, hello('localhost', []))).toBe(1);
  expect(keptBy(sniIsNoAddress, hello(null, []))).toBe(0);
  expect(found(noWeakCiphers, hello(null, [0xc02f, 0x0005]))).toBe(1);
  expect(keptBy(noWeakCiphers, hello(null, [0xc02f, 0x009c, 0x00ff]))).toBe(1);
});

test('MM-05: a callback too many and one too few are found over a client’s life', () => {
  const many = connectedTrace().enter(50, 'request', 99, 0).sync(5000);
  const few = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).sync(5000);

  expect(found(callbacksAreConserved, many)).toBe(1);
  expect(found(callbacksAreConserved, few)).toBe(1);
});

test('MM-05: what balances keeps the rule, also a call that returned 0 and what is not due yet', () => {
  const even = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).enter(50, 'request', 7, 0).call(60, 'deinit', 8, 0);
  const atOnce = connectedTrace().begin(40, 'publish', 7).enter(41, 'request', 7, 0).ret(42, 'publish', 7, 0);
  const early = connectedTrace().call(40, 'publish', 7, -2, PUBLISH).call(60, 'deinit', 8, 0);

  expect(keptBy(callbacksAreConserved, even)).toBe(1);
  expect(keptBy(callbacksAreConserved, atOnce)).toBe(1);
  expect(keptBy(callbacksAreConserved, early)).toBe(0);
});

test('MM-05: a call that returns twice takes no callback back that was never counted', () => {
  const twice = connectedTrace()
    .call(40, 'publish', 7, -1, PUBLISH)
    .enter(50, 'request', 7, 0)
    .ret(60, 'publish', 7, -1)
    .sync(5000);

  expect(found(callbacksAreConserved, twice)).toBe(0);
});

test('EH-05: a connection that the broker ends without an exception is found, with one it is not', () => {
  const lost = () => connectedTrace().fin(40, 'down');

  expect(found(lossIsTold, lost().sync(246))).toBe(1);
  expect(keptBy(lossIsTold, lost().exception(60).sync(5000))).toBe(1);
  expect(found(lossIsTold, connectedTrace().close(40, 'broker').sync(246))).toBe(1);
});

test('EH-05: an end that a fault of the network kept from the module is not asked about', () => {
  const hole = connectedTrace().broker(30, { k: 'fault', fault: 'black hole', act: 'fired' }).fin(40, 'down');

  expect(found(lossIsTold, hole.sync(5000))).toBe(0);
});

test('EH-05: an application that disconnects or connects without the callback is told nothing', () => {
  const leaving = connectedTrace().call(38, 'disconnect', 3, -2).close(40, 'broker').enter(45, 'disconnect', 3, 0);
  const left = connectedTrace().fin(40, 'down').call(41, 'deinit', 3, 0);

  expect(keptBy(lossIsTold, leaving.sync(5000))).toBe(0);
  expect(keptBy(lossIsTold, left.sync(5000))).toBe(0);
});

test('EH-03: a new client that is refused, called back with an error or left waiting after a disturbance is found', () => {
  const epilogue = () => new Trace().host(0, { k: 'phase', phase: 'epilogue' }).call(1, 'init', 1, 0);

  expect(found(newClientConnects, epilogue().call(2, 'connect', 2, -8))).toBe(1);
  expect(found(newClientConnects, epilogue().call(2, 'connect', 2, -2).enter(9, 'connect', 2, 257))).toBe(1);
  expect(found(newClientConnects, epilogue().call(2, 'connect', 2, -2).sync(5000))).toBe(1);
});

test('EH-03: one that succeeds keeps the rule, and what the body did is not its business', () => {
  const refused = () => initialisedTrace().call(5, 'connect', 2, -8);
  const asked = refused().host(20, { k: 'phase', phase: 'epilogue' }).call(21, 'init', 3, 0);

  expect(keptBy(newClientConnects, refused())).toBe(0);
  expect(keptBy(newClientConnects, asked.call(23, 'connect', 4, -2).enter(30, 'connect', 4, 0).sync(5000))).toBe(2);
});

test('EH-04: heap that does not come back is found, a little less is not, and warm-up alone says nothing', () => {
  const measured = (...figures: readonly (readonly [string, number])[]) => {
    const trace = new Trace();
    for (const [name, value] of figures) trace.host(1, { k: 'measure', name, unit: 'bytes', value });
    return trace;
  };

  expect(found(heapComesBack, measured([HEAP_WARM, 50_000], [HEAP_AFTER, 41_807]))).toBe(1);
  expect(keptBy(heapComesBack, measured([HEAP_WARM, 50_000], [HEAP_AFTER, 41_808]))).toBe(1);
  expect(keptBy(heapComesBack, measured([HEAP_AFTER, 41_808]))).toBe(0);
});
