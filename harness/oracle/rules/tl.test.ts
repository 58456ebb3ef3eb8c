import { expect, test } from '@jest/globals';

import { createJudge } from '../judge.ts';
import { connackPacket, connectPacket } from '../packets.ts';
import type { AnyRule } from '../rule.ts';
import { initialisedTrace, judgeTrace, TRACE_HEADER, type Trace } from '../trace-builder.ts';
import { unprovenIsRefused } from './tl-01-unproven-is-refused.ts';
import { verifiedBeforeConnect } from './tl-03-verified-before-connect.ts';
import { certificateOfFile } from './tl-04-certificate-of-file.ts';
import { handshakeEnds } from './tl-07-handshake-ends.ts';
import { truncatedIsNotBrought } from './tl-08-truncated-is-not-brought.ts';
import { unreadableFailsClosed } from './tl-09-unreadable-fails-closed.ts';

const CERT = 'UFS:client.pem';
const KEY = 'UFS:client.key';

function found(rule: AnyRule, trace: Trace): number {
  return judgeTrace([rule], trace).findings.length;
}

/** How often the rule was exercised, if it found nothing. */
function keptBy(rule: AnyRule, trace: Trace): number {
  const verdict = judgeTrace([rule], trace);
  expect(verdict.findings).toEqual([]);
  return verdict.exercised[rule.id] ?? 0;
}

type Ssl = Readonly<Record<string, unknown>>;

/** A connect over TLS on connection 1 to a server with this flaw; open, and no more. */
function connecting(flaw: string | null, ssl: Ssl = {}, asksClient = false): Trace {
  return initialisedTrace()
    .host(5, { k: 'server', port: 8883, identity: flaw === null ? 'good' : 'expired', flaw, asksClient })
    .call(10, 'connect', 2, -2, {
      host: 'mqtts://127.0.0.1:8883',
      info: { clientId: 'bench', ssl: { verifyLevel: 1, caCert: 'UFS:ca.pem', ...ssl } },
    })
    .open(15, 1, 8883);
}

function secured(trace: Trace, at: number, clientCertificate: string | null = null): Trace {
  return trace.broker(at, { k: 'tls-secured', conn: 1, version: 'TLSv1.2', cipher: 'x', sni: null, clientCertificate });
}

test('TL-01: a session with a server that its certificate does not prove is found', () => {
  const verdict = judgeTrace([unprovenIsRefused], connecting('R-2.validity').enter(60, 'connect', 2, 0));

  expect(verdict.findings).toMatchObject([{ clause: 'A-3.certificate-refused', events: [4, 5, 9] }]);
});

test('TL-01: a refusal keeps it, and without verification or with a waiver it asks nothing', () => {
  const accepted = (ssl: Ssl) => connecting('R-2.validity', ssl).enter(60, 'connect', 2, 0);

  expect(judgeTrace([unprovenIsRefused], connecting('R-3.name').enter(60, 'connect', 2, 254))).toMatchObject({
    findings: [],
    clausesExercised: { 'A-3.certificate-refused': 1, 'R-3.name': 1 },
  });
  expect(keptBy(unprovenIsRefused, accepted({ verifyLevel: 0 }))).toBe(0);
  expect(keptBy(unprovenIsRefused, accepted({ ignoreCertItem: 1 }))).toBe(0);
  expect(keptBy(unprovenIsRefused, connecting(null).enter(60, 'connect', 2, 0))).toBe(0);
});

test('TL-03: a CONNECT to a server that is not proven is found, a connection without one is not', () => {
  expect(found(verifiedBeforeConnect, connecting('R-1.chain').up(30, connectPacket()))).toBe(1);
  expect(keptBy(verifiedBeforeConnect, connecting('R-1.chain').close(30, 'module'))).toBe(1);
  expect(keptBy(verifiedBeforeConnect, connecting(null).up(30, connectPacket()).close(40, 'module'))).toBe(0);
});

test('TL-04: another certificate than the file’s, or none, is found where the server asks', () => {
  const shown = (fingerprint: string | null, asksClient = true) =>
    secured(
      connecting(null, { verifyLevel: 2, clientCert: CERT }, asksClient).host(16, {
        k: 'file',
        name: CERT,
        holds: 'certificate',
        fingerprint: 'AA:01',
      }),
      20,
      fingerprint,
    );

  expect(found(certificateOfFile, shown('BB:02'))).toBe(1);
  expect(found(certificateOfFile, shown(null))).toBe(1);
  expect(keptBy(certificateOfFile, shown('AA:01'))).toBe(1);
  expect(keptBy(certificateOfFile, shown(null, false))).toBe(0);
});

test('TL-07: a handshake that neither ends nor is given up is found', () => {
  expect(found(handshakeEnds, connecting(null).sync(1016))).toBe(1);
  expect(keptBy(handshakeEnds, connecting(null).sync(1014))).toBe(0);
});

test('TL-07: a call that bounds the handshake has it given up then, a quarter and a second later at most', () => {
  const patient = { ...TRACE_HEADER, deadlines: { ...TRACE_HEADER.deadlines, connectMs: 60_000 } };
  const findingsAt = (ms: number, ssl: Ssl) => {
    const judge = createJudge(patient, [handshakeEnds], () => 'specified');
    for (const event of connecting(null, ssl).sync(ms).events) judge.see(event);
    return judge.end().findings;
  };

  expect(findingsAt(3266, { negotiateTimeout: 2 })).toHaveLength(1);
  expect(findingsAt(3264, { negotiateTimeout: 2 })).toEqual([]);
  expect(findingsAt(30_000, { negotiateTimeout: 0 })).toEqual([]);
});

test('TL-07: done, failed and given up keep it', () => {
  const failed = connecting(null).broker(20, { k: 'tls-failed', conn: 1, code: 'x', message: 'x' });

  expect(keptBy(handshakeEnds, secured(connecting(null), 20).sync(9000))).toBe(1);
  expect(keptBy(handshakeEnds, failed.sync(9000))).toBe(1);
  expect(keptBy(handshakeEnds, connecting(null).fin(20, 'down').fin(30, 'up').sync(9000))).toBe(1);
});

test('TL-08: half a message of a TLS connection that is brought is found, one that is not keeps it', () => {
  const cut = () =>
    secured(connecting(null), 18)
      .up(20, connectPacket())
      .down(25, connackPacket())
      .enter(30, 'connect', 2, 0)
      .broker(40, { k: 'bytes', conn: 1, dir: 'down', hex: '304000', length: 3, why: 'injected in part' })
      .close(41, 'broker');

  expect(found(truncatedIsNotBrought, cut().incoming(50, 9))).toBe(1);
  expect(keptBy(truncatedIsNotBrought, cut().exception(50).sync(9000))).toBe(1);
});

test.each([
  ['a CA that is NULL', { caCert: null }, 'M-8.ca'],
  ['a CA file that holds nothing', { caCert: 'UFS:absent.pem' }, 'M-8.ca'],
  ['a client certificate that is NULL', { verifyLevel: 2, clientCert: null, clientKey: KEY }, 'M-8.client-cert'],
  ['a key file that holds garbage', { verifyLevel: 2, clientCert: CERT, clientKey: KEY }, 'M-8.client-key'],
])('TL-09: a session with %s is found, a refusal keeps it', (_, ssl, clause) => {
  const files = () =>
    connecting(null, ssl, true)
      .host(16, { k: 'file', name: 'UFS:absent.pem', holds: 'nothing' })
      .host(16, { k: 'file', name: KEY, holds: 'garbage' });

  expect(judgeTrace([unreadableFailsClosed], files().enter(60, 'connect', 2, 0)).findings).toMatchObject([{ clause }]);
  expect(keptBy(unreadableFailsClosed, files().enter(60, 'connect', 2, 254))).toBe(1);
});

test('TL-09: files that are there, and of which nobody said anything, ask nothing', () => {
  const fine = connecting(null, { verifyLevel: 2, clientCert: CERT, clientKey: KEY }, true);

  expect(keptBy(unreadableFailsClosed, fine.enter(60, 'connect', 2, 0))).toBe(0);
});
