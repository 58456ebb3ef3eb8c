import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { CONNACK, CONNECT, openBroker } from '../support/open-broker.ts';
import { BUDGET_MS, RawClient } from '../support/raw-client.ts';
import { type Authority, makeAuthority } from './authority.ts';
import { issueServer, SERVER_RECIPES, type ServerIdentityName } from './server-identities.ts';

const HOSTS = ['broker.test', 'localhost', '127.0.0.1'];

let authority: Authority;
beforeAll(async () => {
  authority = await makeAuthority();
}, 30_000);

/** What Node's client says to each; `ok` is a handshake. TLS 1.2 at most, as modules have it. */
const SEEN_BY_NODE: Readonly<Record<ServerIdentityName, string>> = {
  good: 'ok',
  'good-chain': 'ok',
  'chain-with-root': 'ok',
  'intermediate-missing': 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  expired: 'CERT_HAS_EXPIRED',
  'intermediate-expired': 'CERT_HAS_EXPIRED',
  'not-yet-valid': 'CERT_NOT_YET_VALID',
  'wrong-host': 'ERR_TLS_CERT_ALTNAME_INVALID',
  'wrong-san': 'ERR_TLS_CERT_ALTNAME_INVALID',
  'nul-in-name': 'ERR_TLS_CERT_ALTNAME_INVALID',
  'common-name-only': 'ok',
  'ip-san-only': 'ok',
  'ip-as-dns-only': 'ok',
  'unknown-ca': 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'impostor-ca': 'CERT_SIGNATURE_FAILURE',
  'client-use': 'INVALID_PURPOSE',
  // OpenSSL says 79, "invalid CA certificate", for which Node has no name.
  'issuer-no-ca': 'UNSPECIFIED',
  'self-signed': 'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ec-key': 'ok',
  large: 'ok',
};

const NAMES = Object.keys(SERVER_RECIPES).filter((name): name is ServerIdentityName => name in SERVER_RECIPES);

async function connectTo(name: ServerIdentityName) {
  const identity = await issueServer(authority, HOSTS, name);
  const open = await openBroker({ tls: { identity, maxVersion: 'TLSv1.2' } });
  const client = RawClient.start(open.listener.port, { ca: authority.root.cert, servername: 'broker.test' });
  return { open, client };
}

test.each(NAMES.filter((name) => SEEN_BY_NODE[name] === 'ok'))('%s is accepted', async (name) => {
  const { open, client } = await connectTo(name);
  await using _open = open;
  await using _client = client;

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe(CONNACK);
  expect(open.log.of('tls-secured')).toHaveLength(1);
});

test.each(NAMES.filter((name) => SEEN_BY_NODE[name] !== 'ok'))('%s is refused for what it is', async (name) => {
  const { open, client } = await connectTo(name);
  await using _open = open;
  await using _client = client;

  await client.waitFor(SEEN_BY_NODE[name]);
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(open.log.frames()).toEqual([]);
});

test('an IP address is a dNSName too, for clients that know no other', async () => {
  const { cert } = await issueServer(authority, ['192.0.2.7']);

  expect(new X509Certificate(cert).subjectAltName).toBe('IP Address:192.0.2.7, DNS:192.0.2.7');
  expect(new X509Certificate(cert).subject).toBe('CN=192.0.2.7');
});

test('openssl agrees with the chain, its purpose and its extensions', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'qlhil-pki-'));
  try {
    const file = (name: string, pem: string) => {
      writeFileSync(join(folder, name), pem);
      return join(folder, name);
    };
    const { cert } = await issueServer(authority, HOSTS, 'good-chain');
    const root = file('root.pem', authority.root.cert);
    const verified = spawnSync(
      'openssl',
      [
        'verify',
        '-x509_strict',
        '-purpose',
        'sslserver',
        '-CAfile',
        root,
        '-untrusted',
        file('chain.pem', cert),
        file('leaf.pem', cert),
      ],
      { encoding: 'utf8' },
    );

    expect(verified.stderr).toBe('');
    expect(verified.stdout.trim()).toMatch(/: OK$/);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('an authority is plain JSON, so that one process can hand it to another', async () => {
  const copy: Authority = JSON.parse(JSON.stringify(authority));

  const { cert } = await issueServer(copy, HOSTS);

  expect(new X509Certificate(cert).verify(new X509Certificate(authority.root.cert).publicKey)).toBe(true);
});
