import { beforeAll, expect, test } from '@jest/globals';
import mqtt from 'mqtt';
import { Broker } from './broker.ts';
import { delay } from './faults/delay.ts';
import { EventLog } from './support/event-log.ts';
import { BUDGET_MS, RawClient } from './support/raw-client.ts';
import { type Authority, makeAuthority } from './tls/authority.ts';
import { issueServer } from './tls/server-identities.ts';

const CONNECT = '10 10 0004 4d515454 04 02 003c 0004 61626364';

let authority: Authority;
beforeAll(async () => {
  authority = await makeAuthority();
}, 20_000);

async function open(log = new EventLog()): Promise<Broker> {
  return Broker.open({ onEvent: log.onEvent, clock: () => performance.now() });
}

test('a publish with QoS 1 by a client of another make is acknowledged, and every frame is reported', async () => {
  const log = new EventLog();
  await using broker = await open(log);
  const listener = await broker.listen({ address: '127.0.0.1', port: 0, peer: 'aedes', label: 'plain' });

  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${listener.port}`, { reconnectPeriod: 0 });
  await client.publishAsync('a/b', 'payload', { qos: 1 });
  await client.endAsync();
  await listener.waitForNoConnections(BUDGET_MS);

  expect(log.frames()).toEqual(['up CONNECT', 'down CONNACK', 'up PUBLISH', 'down PUBACK', 'up DISCONNECT']);
  expect(log.of('frame').filter(({ lint, defects }) => lint.length > 0 || defects !== undefined)).toEqual([]);
  expect(log.of('claimed')).toMatchObject([{ by: 'loopback' }]);
  expect(log.of('message')).toMatchObject([{ topic: { text: 'a/b' }, payload: { length: 7 }, qos: 1 }]);
});

test('over TLS the handshake is reported and frames are read in clear', async () => {
  const log = new EventLog();
  await using broker = await open(log);
  const identity = await issueServer(authority, ['localhost', '127.0.0.1']);
  const listener = await broker.listen({ address: '127.0.0.1', port: 0, peer: 'aedes', tls: { identity } });

  const client = await mqtt.connectAsync(`mqtts://localhost:${listener.port}`, {
    ca: authority.root.cert,
    servername: 'localhost',
    reconnectPeriod: 0,
  });
  await client.endAsync();
  await listener.waitForNoConnections(BUDGET_MS);

  expect(log.of('client-hello')).toMatchObject([{ sni: 'localhost', versions: ['TLSv1.3', 'TLSv1.2'] }]);
  expect(log.of('tls-secured')).toMatchObject([{ version: 'TLSv1.3', sni: 'localhost', clientCertificate: null }]);
  expect(log.frames()).toEqual(['up CONNECT', 'down CONNACK', 'up DISCONNECT']);
});

test('disposal closes connections in every state of opening and closing', async () => {
  const log = new EventLog();
  const broker = await open(log);
  const identity = await issueServer(authority, ['127.0.0.1']);
  const plain = await broker.listen({ address: '127.0.0.1', port: 0, peer: 'aedes' });
  const secure = await broker.listen({ address: '127.0.0.1', port: 0, peer: 'aedes', tls: { identity } });
  await using silent = await RawClient.connect(plain.port);
  await using connected = await RawClient.connect(plain.port);
  connected.send(CONNECT);
  await connected.nextFrame();
  const accepted = plain.waitForConnection(BUDGET_MS);
  await using halfClosed = await RawClient.connect(plain.port);
  (await accepted).end('half-close');
  await halfClosed.waitFor('end');
  await using beforeHello = await RawClient.connect(secure.port);
  const acceptedLast = secure.waitForConnection(BUDGET_MS);
  await using insideHello = await RawClient.connect(secure.port);
  insideHello.send('16 0301 0100 01');
  await acceptedLast;

  await broker.close();

  await Promise.all([silent, connected, halfClosed, beforeHello, insideHello].map((client) => client.waitForEnd()));
  expect(log.of('tcp-close')).toHaveLength(5);
  expect(broker.connections).toEqual([]);
});

test('a message of the test reaches a subscriber, also when QoS 0 follows QoS 1 at once', async () => {
  await using broker = await open();
  const listener = await broker.listen({ address: '127.0.0.1', port: 0, peer: 'aedes' });
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${listener.port}`, { reconnectPeriod: 0 });
  const seen: string[] = [];
  const all = new Promise<void>((resolve) => {
    client.on('message', (_topic, payload) => {
      if (seen.push(payload.toString()) === 20) resolve();
    });
  });
  await client.subscribeAsync('t', { qos: 1 });

  await Promise.all(
    Array.from({ length: 20 }, (_, i) => broker.publish({ topic: 't', payload: String(i), qos: i % 2 === 0 ? 1 : 0 })),
  );
  await all;
  await client.endAsync();

  expect(seen.toSorted((a, b) => Number(a) - Number(b))).toEqual(Array.from({ length: 20 }, (_, i) => String(i)));
});

test('a port that is taken is refused with its number', async () => {
  await using broker = await open();
  const { port } = await broker.listen({ address: '127.0.0.1', port: 0, peer: 'aedes' });

  await expect(broker.listen({ address: '127.0.0.1', port, peer: 'aedes' })).rejects.toMatchObject({
    code: 'LISTEN_FAILED',
    data: { port },
  });
});

test('after disposal no socket, server or timer of the broker is left', async () => {
  const before = process.getActiveResourcesInfo().filter(isOurs).length;
  const broker = await open();
  const listener = await broker.listen({ address: '127.0.0.1', port: 0, peer: 'aedes' });
  await listener.relay();
  listener.gate({ type: 'CONNACK' }, delay(60_000));
  const client = await RawClient.connect(listener.port);
  const connected = listener.waitForFrame({ type: 'CONNECT' }, BUDGET_MS);
  client.send(CONNECT);
  await connected;

  await broker.close();
  await client[Symbol.asyncDispose]();

  expect(process.getActiveResourcesInfo().filter(isOurs)).toHaveLength(before);
});

function isOurs(resource: string): boolean {
  return resource.startsWith('TCP') || resource === 'Timeout';
}

test('a closed broker listens no more', async () => {
  const broker = await open();
  await broker.close();

  await expect(broker.listen({ address: '127.0.0.1', port: 0, peer: 'aedes' })).rejects.toMatchObject({
    code: 'CLOSED',
  });
});
