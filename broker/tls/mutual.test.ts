import { createPrivateKey, X509Certificate } from 'node:crypto';
import type { SecureVersion } from 'node:tls';
import { beforeAll, expect, test } from '@jest/globals';
import { CONNACK, CONNECT, openBroker } from '../support/open-broker.ts';
import { BUDGET_MS, RawClient } from '../support/raw-client.ts';
import { type Authority, makeAuthority } from './authority.ts';
import { issueClient } from './client-identities.ts';
import { exportKey } from './keys.ts';
import type { Identity, TlsOptions } from './serve-tls.ts';
import { issueServer } from './server-identities.ts';

let authority: Authority;
let identity: Identity;
beforeAll(async () => {
  authority = await makeAuthority();
  identity = await issueServer(authority, ['127.0.0.1']);
}, 30_000);

function mutual(maxVersion: SecureVersion): TlsOptions {
  return { identity, clientCa: authority.root.cert, requestClientCert: 'required', maxVersion };
}

test.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'a good client certificate is seen by the server with %s',
  async (version) => {
    const { cert, key } = await issueClient(authority, 'module');
    await using open = await openBroker({ tls: mutual(version) });
    await using client = await RawClient.connect(open.listener.port, { ca: authority.root.cert, cert, key });

    client.send(CONNECT);

    expect(await client.nextFrame()).toBe(CONNACK);
    expect(open.log.of('tls-secured')).toMatchObject([
      { version, clientCertificate: new X509Certificate(cert).fingerprint256 },
    ]);
  },
);

test.each([
  ['TLSv1.2', 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'],
  ['TLSv1.3', 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED'],
] as const)('without a client certificate the handshake fails with %s', async (version, seen) => {
  await using open = await openBroker({ tls: mutual(version) });
  await using client = RawClient.start(open.listener.port, { ca: authority.root.cert });

  await client.waitFor(seen);
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(open.log.of('tls-failed')).toMatchObject([{ code: 'ERR_SSL_PEER_DID_NOT_RETURN_A_CERTIFICATE' }]);
  expect(open.log.frames()).toEqual([]);
});

test.each([
  ['expired', 'CERT_HAS_EXPIRED', 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_EXPIRED'],
  ['alien', 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA'],
] as const)('a client certificate that is %s is refused inside the handshake of TLS 1.2', async (name, code, seen) => {
  const { cert, key } = await issueClient(authority, 'module', name);
  await using open = await openBroker({ tls: mutual('TLSv1.2') });
  await using client = RawClient.start(open.listener.port, { ca: authority.root.cert, cert, key });

  await client.waitFor(seen);
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(client.happened).not.toContain('secureConnect');
  expect(open.log.of('tls-failed')).toMatchObject([{ code }]);
  expect(open.log.of('tls-secured')).toEqual([]);
});

test('with TLS 1.3 an expired client certificate is refused after the handshake', async () => {
  const { cert, key } = await issueClient(authority, 'module', 'expired');
  await using open = await openBroker({ tls: mutual('TLSv1.3') });
  await using client = RawClient.start(open.listener.port, { ca: authority.root.cert, cert, key });

  client.send(CONNECT);
  await client.waitForEnd();

  expect(open.log.of('tls-failed')).toMatchObject([{ code: 'CERT_HAS_EXPIRED' }]);
  expect(open.log.frames()).toEqual([]);
});

test('a key that is not the one of the certificate does not fit together', async () => {
  const { cert, key } = await issueClient(authority, 'module', 'wrong-key');

  expect(() => RawClient.start(1, { cert, key })).toThrow('key values mismatch');
});

test.each([
  ['pkcs1', undefined, '-----BEGIN RSA PRIVATE KEY-----'],
  ['pkcs1', 'pass', 'DEK-Info: AES-256-CBC'],
  ['pkcs8', undefined, '-----BEGIN PRIVATE KEY-----'],
  ['pkcs8', 'pass', '-----BEGIN ENCRYPTED PRIVATE KEY-----'],
] as const)('a key is exported as %s with passphrase %s', (type, passphrase, marker) => {
  const pem = exportKey(authority.leafKey, { type, ...(passphrase !== undefined && { passphrase }) });

  expect(pem).toContain(marker);
  expect(pem).not.toContain('\r');
  expect(createPrivateKey({ key: pem, ...(passphrase !== undefined && { passphrase }) }).asymmetricKeyType).toBe('rsa');
});
