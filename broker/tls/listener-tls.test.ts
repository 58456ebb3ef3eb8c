import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { answeringPeer } from '../peers/answering-peer.ts';
import { slice } from '../relay/slice.ts';
import { CONNACK, CONNECT, openBroker } from '../support/open-broker.ts';
import { BUDGET_MS, RawClient } from '../support/raw-client.ts';
import { type Authority, makeAuthority } from './authority.ts';
import type { Identity } from './serve-tls.ts';
import { issueServer } from './server-identities.ts';

let authority: Authority;
let identity: Identity;
beforeAll(async () => {
  authority = await makeAuthority();
  identity = await issueServer(authority, ['127.0.0.1', 'localhost']);
}, 30_000);

function trusting() {
  return { ca: authority.root.cert };
}

test.each(['TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'] as const)('a listener can be held to %s', async (version) => {
  await using open = await openBroker({
    tls: { identity, minVersion: version, maxVersion: version },
    peer: answeringPeer(),
  });
  await using client = await RawClient.connect(open.listener.port, {
    ...trusting(),
    minVersion: 'TLSv1',
    ciphers: 'DEFAULT@SECLEVEL=0',
  });

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe(CONNACK);
  expect(open.log.of('tls-secured')).toMatchObject([{ version }]);
});

test('a version that the client does not offer fails on both sides', async () => {
  await using open = await openBroker({ tls: { identity, minVersion: 'TLSv1.3' } });
  await using client = RawClient.start(open.listener.port, { ...trusting(), maxVersion: 'TLSv1.2' });

  await client.waitFor('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(open.log.of('tls-failed')).toMatchObject([{ code: 'ERR_SSL_UNSUPPORTED_PROTOCOL' }]);
  expect(open.log.of('tcp-close')).toMatchObject([{ by: 'broker', how: 'error' }]);
});

test('a listener can be held to a cipher suite', async () => {
  const ciphers = 'AES128-SHA256';
  await using open = await openBroker({ tls: { identity, maxVersion: 'TLSv1.2', ciphers }, peer: answeringPeer() });
  await using client = await RawClient.connect(open.listener.port, { ...trusting(), ciphers: 'ALL' });

  client.send(CONNECT);
  await client.nextFrame();

  expect(open.log.of('tls-secured')).toMatchObject([{ cipher: ciphers }]);
  expect(open.log.of('client-hello')[0]?.ciphers).toContain(0x3c);
});

test('the client refuses the server: the alert that it sends is what the server reports', async () => {
  await using open = await openBroker({ tls: { identity: await issueServer(authority, ['localhost'], 'unknown-ca') } });
  await using client = RawClient.start(open.listener.port, { ...trusting(), maxVersion: 'TLSv1.2' });

  await client.waitFor('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(open.log.frames()).toEqual([]);
});

test('without the server name that is required, an alert ends the handshake', async () => {
  await using open = await openBroker({ tls: { identity, sniRequired: true }, peer: answeringPeer() });
  await using client = RawClient.start(open.listener.port, trusting());
  await using named = await RawClient.connect(open.listener.port, { ...trusting(), servername: 'localhost' });

  await client.waitFor('ERR_SSL_TLSV1_UNRECOGNIZED_NAME');
  named.send(CONNECT);

  expect(await named.nextFrame()).toBe(CONNACK);
  expect(open.log.of('tls-failed')).toMatchObject([{ code: 'SNI_REQUIRED' }]);
});

test('what is no ClientHello fails the handshake, and is no MQTT', async () => {
  await using open = await openBroker({ tls: { identity } });
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);
  await client.waitForEnd();

  expect(open.log.of('tls-failed')).toMatchObject([{ code: 'NO_CLIENT_HELLO' }]);
  expect(open.log.of('client-hello')).toEqual([]);
  expect(open.log.frames()).toEqual([]);
});

test('a ClientHello that comes byte by byte is read', async () => {
  await using open = await openBroker({ tls: { identity }, peer: answeringPeer() });
  await using _relay = await open.listener.relay(slice(1, { dir: 'up' }));
  await using client = await RawClient.connect(open.listener.port, { ...trusting(), servername: 'localhost' });

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe(CONNACK);
  expect(open.log.of('client-hello')).toMatchObject([{ sni: 'localhost' }]);
});

test.each([
  ['fin', 'end'],
  ['rst', 'ECONNRESET'],
] as const)('once the ClientHello is there, the server ends with %s', async (act, seen) => {
  await using open = await openBroker({ tls: { identity } });
  const fault = open.listener.connectionFault('client-hello', act);
  await using client = RawClient.start(open.listener.port, trusting());

  // A client whose handshake is cut by FIN calls it a reset.
  await client.waitFor(act === 'fin' ? 'ECONNRESET' : seen);

  expect((await fault.fired).conn).toBe(1);
  expect(open.log.of('client-hello')).toHaveLength(1);
});

test('once the ClientHello is there, plain text is answered', async () => {
  await using open = await openBroker({ tls: { identity } });
  open.listener.connectionFault('client-hello', { send: Buffer.from('HTTP/1.1 400 Bad Request'), afterwards: 'stay' });
  await using client = RawClient.start(open.listener.port, trusting());

  await client.waitFor('ERR_SSL_WRONG_VERSION_NUMBER');

  expect(open.log.of('tls-failed')).toEqual([]);
});

test('a silence after the ClientHello holds the handshake until the client gives up', async () => {
  await using open = await openBroker({ tls: { identity } });
  const fault = open.listener.connectionFault('client-hello', 'silence');
  await using client = RawClient.start(open.listener.port, trusting());
  await fault.fired;

  client.socket.destroy();
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(open.log.of('tls-failed')).toEqual([]);
});

test.each([
  ['fin', 'end'],
  ['truncate', 'end'],
  ['rst', 'ECONNRESET'],
  ['half-close', 'end'],
] as const)('an established session is ended by %s', async (how, seen) => {
  await using open = await openBroker({ tls: { identity }, peer: answeringPeer() });
  await using client = await RawClient.connect(open.listener.port, trusting());
  client.send(CONNECT);
  await client.nextFrame();

  const [connection] = open.listener.connections;
  connection?.end(how);
  await client.waitFor(seen);

  expect(open.log.of('fin')).toMatchObject(how === 'rst' ? [] : [{ dir: 'down' }]);
  expect(connection?.isOpen).toBe(how !== 'rst');
});

test('the identity can be changed for the connections to come', async () => {
  await using open = await openBroker({ tls: { identity }, peer: answeringPeer() });
  open.listener.serve({ tls: { identity: await issueServer(authority, ['127.0.0.1'], 'expired') } });
  await using client = RawClient.start(open.listener.port, trusting());

  await client.waitFor('CERT_HAS_EXPIRED');

  expect(open.log.frames()).toEqual([]);
});

test('key log lines are reported when they are asked for, and only then', async () => {
  for (const isKeyLogged of [true, false]) {
    await using open = await openBroker({ tls: { identity }, peer: answeringPeer() }, { isKeyLogged });
    await using client = await RawClient.connect(open.listener.port, { ...trusting(), maxVersion: 'TLSv1.2' });
    client.send(CONNECT);
    await client.nextFrame();

    expect(open.log.of('tls-key').map(({ line }) => line.split(' ')[0])).toEqual(isKeyLogged ? ['CLIENT_RANDOM'] : []);
  }
});

test.each([
  ['unknown-ca', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'],
  ['expired', 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED'],
  ['impostor-ca', 'ERR_SSL_TLSV1_ALERT_DECRYPT_ERROR'],
] as const)('the alert with which a client refuses a server that is %s is reported', async (name, code) => {
  await using open = await openBroker({ tls: { identity: await issueServer(authority, ['localhost'], name) } });
  const { port } = open.listener;
  const folder = mkdtempSync(join(tmpdir(), 'qlhil-alert-'));
  const ca = join(folder, 'ca.pem');
  writeFileSync(ca, authority.root.cert);

  const client = spawn(
    'openssl',
    ['s_client', '-connect', `127.0.0.1:${port}`, '-verify_return_error', '-CAfile', ca],
    {
      stdio: 'ignore',
    },
  );
  await once(client, 'close');
  rmSync(folder, { recursive: true });
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(open.log.of('tls-failed')).toMatchObject([{ code }]);
  expect(open.log.of('tcp-close')).toMatchObject([{ by: 'module', how: 'error' }]);
});
