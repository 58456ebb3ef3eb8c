import { expect, test } from '@jest/globals';
import { encode } from '../frame/encode.ts';
import { answeringPeer } from '../peers/answering-peer.ts';
import { CONNACK, CONNECT, openBroker } from '../support/open-broker.ts';
import { BUDGET_MS, RawClient } from '../support/raw-client.ts';
import { makeAuthority } from '../tls/authority.ts';
import { issueServer } from '../tls/server-identities.ts';
import { flip } from './flip.ts';
import { slice } from './slice.ts';
import { swallow } from './swallow.ts';
import { throttle } from './throttle.ts';

test('FIN of the client passes the relay, and what the broker still sends comes back', async () => {
  await using open = await openBroker({ peer: answeringPeer({ PINGREQ: () => undefined }) });
  await using _relay = await open.listener.relay();
  await using client = await RawClient.connect(open.listener.port);
  client.send(CONNECT);
  await client.nextFrame();

  client.socket.end();
  await client.waitFor('end');
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(open.log.of('fin').map(({ dir }) => dir)).toEqual(['up', 'down']);
  expect(open.log.of('tcp-close')).toMatchObject([{ by: 'module', how: 'fin' }]);
});

test('a half-close of the broker passes the relay, and the client can still send', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  await using _relay = await open.listener.relay();
  await using client = await RawClient.connect(open.listener.port);
  client.send(CONNECT);
  await client.nextFrame();

  open.listener.connections[0]?.end('half-close');
  await client.waitFor('end');
  const ping = open.listener.waitForFrame({ type: 'PINGREQ' }, BUDGET_MS);
  client.send('c000');

  await ping;
  expect(client.happened).toEqual(['end']);
});

test('a half-close of the client passes the relay, and the broker can still send', async () => {
  await using open = await openBroker({
    peer: {
      name: 'keeps',
      attach: () => ({ receive: () => true, moduleEnded: () => undefined, connectionClosed: () => undefined }),
    },
  });
  await using _relay = await open.listener.relay();
  const accepted = open.listener.waitForConnection(BUDGET_MS);
  await using client = await RawClient.connect(open.listener.port);
  const connection = await accepted;

  client.socket.end();
  await connection.waitForModuleEnd(BUDGET_MS);
  connection.inject(encode.pingresp());

  expect(await client.nextFrame()).toBe('d000');
});

test('RST of the client arrives at the broker as RST', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  await using _relay = await open.listener.relay();
  await using client = await RawClient.connect(open.listener.port);
  client.send(CONNECT);
  await client.nextFrame();

  client.socket.resetAndDestroy();
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(open.log.of('tcp-close')).toMatchObject([{ by: 'module', how: 'rst' }]);
});

test('RST of the broker arrives at the client as RST', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  await using _relay = await open.listener.relay();
  await using client = await RawClient.connect(open.listener.port);
  client.send(CONNECT);
  await client.nextFrame();

  open.listener.connections[0]?.end('rst');
  await client.waitFor('ECONNRESET');

  expect(client.happened).not.toContain('end');
});

test('through the relay a connection keeps the address that it came from', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  await using _relay = await open.listener.relay();
  await using client = await RawClient.connect(open.listener.port);
  client.send(CONNECT);
  await client.nextFrame();

  expect(open.log.of('tcp-open')).toMatchObject([
    { port: open.listener.port, remote: { address: '127.0.0.1', port: client.socket.localPort } },
  ]);
});

test('sliced bytes arrive one by one and make the same frames', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  await using relay = await open.listener.relay(slice(1));
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe(CONNACK);
  expect(relay.firedCount).toBe(1);
  expect(open.log.frames()).toEqual(['up CONNECT', 'down CONNACK']);
});

test('a throttled stream arrives whole and in order', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  await using _relay = await open.listener.relay(throttle(20_000, { dir: 'down' }));
  await using client = await RawClient.connect(open.listener.port);
  client.send(CONNECT);
  await client.nextFrame();
  const message = encode.publish({ topic: 't', payload: Buffer.alloc(3_000, 'ab') });

  open.listener.connections[0]?.inject(message);

  expect(await client.nextFrame()).toBe(message.toString('hex'));
});

test('a bit that is flipped below TLS breaks the handshake', async () => {
  const authority = await makeAuthority({ keys: 'p-256' });
  const identity = await issueServer(authority, ['127.0.0.1']);
  await using open = await openBroker({ peer: answeringPeer(), tls: { identity } });
  // The random of the ClientHello begins here; Finished is computed over it.
  await using relay = await open.listener.relay(flip(11, { dir: 'up' }));
  await using client = RawClient.start(open.listener.port, { ca: authority.root.cert, maxVersion: 'TLSv1.2' });

  await client.waitForEnd();
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(relay.firedCount).toBe(1);
  expect(open.log.of('fault').map(({ act }) => act)).toEqual(['armed', 'fired']);
  expect(open.log.frames()).toEqual([]);
});

test('swallowed bytes never arrive, those before them do', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  await using _relay = await open.listener.relay(swallow(4, { dir: 'down' }));
  await using client = await RawClient.connect(open.listener.port);

  client.send(`${CONNECT} c000`);
  await open.listener.waitForFrame({ dir: 'down', type: 'PINGRESP' }, BUDGET_MS).catch(() => undefined);

  expect(await client.nextFrame()).toBe(CONNACK);
  expect(Buffer.concat(client.received).toString('hex')).toBe(CONNACK);
});

test('once it is disarmed, connections go past the relay', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  await using relay = await open.listener.relay(swallow(0, { dir: 'down' }));
  relay.disarm();
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe(CONNACK);
  expect(relay.firedCount).toBe(0);
});

test('a stranger is not led through the relay', async () => {
  await using open = await openBroker({ peer: answeringPeer(), claims: { loopback: false, clientIdPrefix: 'ab' } });
  await using relay = await open.listener.relay(swallow(0));
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe(CONNACK);
  expect(relay.firedCount).toBe(0);
});
