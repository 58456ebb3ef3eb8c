import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { beforeAll, expect, test } from '@jest/globals';
import { answeringPeer } from './peers/answering-peer.ts';
import { CONNECT, type OpenBroker, openBroker } from './support/open-broker.ts';
import { BUDGET_MS, RawClient } from './support/raw-client.ts';
import { type Authority, makeAuthority } from './tls/authority.ts';
import type { Identity } from './tls/serve-tls.ts';
import { issueServer } from './tls/server-identities.ts';

const DISCONNECT = 'e000';

/** A server that leaves the end to its client. */
const peer = answeringPeer({ DISCONNECT: () => undefined });

let authority: Authority;
let identity: Identity;
beforeAll(async () => {
  authority = await makeAuthority();
  identity = await issueServer(authority, ['127.0.0.1']);
}, 30_000);

function endsOf({ log }: OpenBroker) {
  return {
    up: log.of('fin').filter(({ dir }) => dir === 'up').length,
    closed: log.of('tcp-close').map(({ by, how }) => `${how} by ${by}`),
  };
}

test.each(['past a relay', 'through a relay'])('a reset right behind DISCONNECT is a reset, %s', async (way) => {
  await using open = await openBroker({ peer });
  await using _relay = way === 'through a relay' ? await open.listener.relay() : undefined;
  await using client = await RawClient.connect(open.listener.port);
  client.send(CONNECT);
  await client.nextFrame();

  client.send(DISCONNECT);
  client.socket.resetAndDestroy();
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(open.log.frames()).toEqual(['up CONNECT', 'down CONNACK', 'up DISCONNECT']);
  expect(endsOf(open)).toEqual({ up: 0, closed: ['rst by module'] });
});

test('a FIN right behind DISCONNECT is a FIN', async () => {
  await using open = await openBroker({ peer });
  await using client = await RawClient.connect(open.listener.port);
  client.send(CONNECT);
  await client.nextFrame();

  client.send(DISCONNECT);
  client.socket.end();
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(endsOf(open)).toEqual({ up: 1, closed: ['fin by module'] });
});

async function overTls(port: number): Promise<{ readonly below: Socket; readonly send: (hex: string) => void }> {
  const below = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
  await once(below, 'connect');
  const stream = connectTls({ socket: below, ca: authority.root.cert, host: '127.0.0.1' });
  await once(stream, 'secureConnect');
  stream.write(Buffer.from(CONNECT.replaceAll(' ', ''), 'hex'));
  await once(stream, 'data');
  return { below, send: (hex) => stream.write(Buffer.from(hex, 'hex')) };
}

test.each([
  ['reset', { up: 0, closed: ['rst by module'] }],
  ['FIN', { up: 1, closed: ['fin by module'] }],
] as const)('over TLS a %s right behind DISCONNECT is told as what it is', async (how, ends) => {
  await using open = await openBroker({ peer, tls: { identity } });
  const client = await overTls(open.listener.port);

  client.send(DISCONNECT);
  if (how === 'reset') client.below.resetAndDestroy();
  else client.below.end();
  await open.listener.waitForNoConnections(BUDGET_MS);
  client.below.destroy();

  expect(open.log.frames()).toEqual(['up CONNECT', 'down CONNACK', 'up DISCONNECT']);
  expect(endsOf(open)).toEqual(ends);
});
