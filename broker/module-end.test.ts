import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect as connectTls, type TLSSocket } from 'node:tls';
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

interface TlsClient {
  readonly below: Socket;
  readonly stream: TLSSocket;
}

/** The socket, but for its end, which TLS then leaves alone. */
function keptOpen(socket: Socket): Duplex {
  const stream = new Duplex({
    read: () => undefined,
    write: (chunk: Buffer, _encoding, callback) => socket.write(chunk, callback),
  });
  socket.on('data', (chunk) => stream.push(chunk));
  return stream;
}

async function overTls(port: number, wrap: (socket: Socket) => Duplex = (socket) => socket): Promise<TlsClient> {
  const below = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
  await once(below, 'connect');
  const stream = connectTls({ socket: wrap(below), ca: authority.root.cert, host: '127.0.0.1' });
  await once(stream, 'secureConnect');
  stream.write(Buffer.from(CONNECT.replaceAll(' ', ''), 'hex'));
  await once(stream, 'data');
  return { below, stream };
}

test.each([
  ['reset', { up: 0, closed: ['rst by module'] }],
  ['FIN', { up: 1, closed: ['fin by module'] }],
] as const)('over TLS a %s right behind DISCONNECT is told as what it is', async (how, ends) => {
  await using open = await openBroker({ peer, tls: { identity } });
  const client = await overTls(open.listener.port);

  client.stream.write(DISCONNECT, 'hex');
  if (how === 'reset') client.below.resetAndDestroy();
  else client.below.end();
  await open.listener.waitForNoConnections(BUDGET_MS);
  client.below.destroy();

  expect(open.log.frames()).toEqual(['up CONNECT', 'down CONNACK', 'up DISCONNECT']);
  expect(endsOf(open)).toEqual(ends);
});

test.each([
  ['TLSv1.2', 'stream', true],
  ['TLSv1.2', 'below', false],
  // All records look alike.
  ['TLSv1.3', 'stream', undefined],
] as const)(
  'a listener that watches for close_notify tells with FIN whether it came, %s, end of %s',
  async (maxVersion, ended, closeNotify) => {
    await using open = await openBroker({ peer, tls: { identity, maxVersion, watchesCloseNotify: true } });
    const client = await overTls(open.listener.port);

    client.stream.write(DISCONNECT, 'hex');
    client[ended].end();
    await open.listener.waitForNoConnections(BUDGET_MS);
    client.below.destroy();

    expect(open.log.of('fin').find(({ dir }) => dir === 'up')?.closeNotify).toBe(closeNotify);
  },
);

test('close_notify of the server has an answer, which its FIN does not hide', async () => {
  await using open = await openBroker({ peer, tls: { identity, maxVersion: 'TLSv1.2', watchesCloseNotify: true } });
  const client = await overTls(open.listener.port);

  client.stream.on('end', () => client.stream.end());
  open.listener.connections[0]?.end('fin');
  await open.listener.waitForNoConnections(BUDGET_MS);
  client.below.destroy();

  expect(open.log.of('fin')).toMatchObject([{ dir: 'down' }, { dir: 'up', closeNotify: true }]);
});

test('where close_notify is watched for, the end of the session is not yet that of the connection', async () => {
  await using open = await openBroker({ peer, tls: { identity, maxVersion: 'TLSv1.2', watchesCloseNotify: true } });
  const { below, stream } = await overTls(open.listener.port, keptOpen);
  const [connection] = open.listener.connections;

  stream.end();
  await once(stream, 'finish');
  // Another has its answer: by then the server has read the close_notify.
  const other = await overTls(open.listener.port);
  below.resetAndDestroy();
  other.below.resetAndDestroy();
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(connection).toMatchObject({ hasCloseNotify: true, moduleEnd: 'RST' });
  expect(open.log.of('fin')).toEqual([]);
});

test('a client that waits for the answer to its close_notify is not kept waiting', async () => {
  await using open = await openBroker(
    { peer, tls: { identity, maxVersion: 'TLSv1.2', watchesCloseNotify: true } },
    { limits: { lingerMs: 50 } },
  );
  const { below, stream } = await overTls(open.listener.port, keptOpen);

  stream.end();
  await once(below, 'end');
  below.destroy();

  expect(open.log.of('fin')).toMatchObject([{ dir: 'up', closeNotify: true }, { dir: 'down' }]);
});

test('a listener that does not watch for close_notify says nothing of it', async () => {
  await using open = await openBroker({ peer, tls: { identity, maxVersion: 'TLSv1.2' } });
  const client = await overTls(open.listener.port);

  client.stream.end();
  await open.listener.waitForNoConnections(BUDGET_MS);
  client.below.destroy();

  expect(open.log.of('fin').map((event) => 'closeNotify' in event)).toEqual([false, false]);
});
