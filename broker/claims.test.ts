import { expect, test } from '@jest/globals';
import { drop } from './faults/drop.ts';
import { answeringPeer } from './peers/answering-peer.ts';
import { silentPeer } from './peers/behaviours.ts';
import { ScriptedPeer } from './peers/scripted-peer.ts';
import { CONNACK, CONNECT, openBroker } from './support/open-broker.ts';
import { BUDGET_MS, RawClient } from './support/raw-client.ts';
import { makeAuthority } from './tls/authority.ts';
import { issueServer } from './tls/server-identities.ts';

/** Client `abcd`, user `run`, password `secret`. */
const WITH_CREDENTIALS = '10 1d 0004 4d515454 04 c2 003c 0004 61626364 0003 72756e 0006 736563726574';
const WITH_WRONG_PASSWORD = '10 1d 0004 4d515454 04 c2 003c 0004 61626364 0003 72756e 0006 536563726574';
const CREDENTIALS = { user: 'run', password: 'secret' };

test('a stranger is turned away at its CONNECT, and no gate sees it', async () => {
  await using open = await openBroker({ claims: { loopback: false, clientIdPrefix: 'run-' } });
  const gate = open.listener.gate({ type: 'CONNECT' }, drop());
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);
  await client.waitForEnd();

  expect(gate.count).toBe(0);
  expect(client.received).toEqual([]);
  expect(open.log.of('stranger')).toMatchObject([{ conn: 1, why: 'nothing in its CONNECT belongs to this run' }]);
  expect(open.log.of('message')).toEqual([]);
});

test('no gate sees what an unclaimed connection sends before its CONNECT', async () => {
  await using open = await openBroker({ claims: { loopback: false, clientIdPrefix: 'run-' }, peer: silentPeer() });
  const gate = open.listener.gate({ type: 'PINGREQ' }, drop());
  await using client = await RawClient.connect(open.listener.port);
  const seen = open.listener.waitForFrame({ type: 'PINGREQ' }, BUDGET_MS);

  client.send('c000');
  await seen;

  expect(gate.count).toBe(0);
});

test('a stranger gets no script, and the module behind it does', async () => {
  const peer = new ScriptedPeer('for the module', async (line) => {
    await line.expect('CONNECT');
    line.send(CONNACK);
  });
  await using open = await openBroker({ claims: { loopback: false, clientIdPrefix: 'ab' }, peer });
  await using stranger = await RawClient.connect(open.listener.port);
  const seen = open.listener.waitForFrame({ type: 'PINGREQ' }, BUDGET_MS);
  stranger.send('c000');
  await seen;
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe(CONNACK);
  await peer.waitForScript(BUDGET_MS);
});

test('a stranger does not use up a fault that waits for the module', async () => {
  await using open = await openBroker({ claims: { loopback: false, clientIdPrefix: 'ab' } });
  const fault = open.listener.connectionFault('accept', 'rst');
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe(CONNACK);
  expect(fault.count).toBe(0);
  expect(open.log.of('claimed')).toMatchObject([{ by: 'client-id' }]);
});

test('credentials claim, and the address that they came from is known from then on', async () => {
  await using open = await openBroker({ claims: { loopback: false }, credentials: CREDENTIALS });
  await using first = await RawClient.connect(open.listener.port);
  first.send(WITH_CREDENTIALS);
  expect(await first.nextFrame()).toBe(CONNACK);

  await using second = await RawClient.connect(open.listener.port);
  second.send(WITH_WRONG_PASSWORD);

  expect(await second.nextFrame()).toBe('20020004');
  expect(open.log.of('claimed').map(({ by }) => by)).toEqual(['credentials', 'address']);
  expect(open.broker.knownAddresses).toEqual(['127.0.0.1']);
});

test('a wrong password does not claim', async () => {
  await using open = await openBroker({ claims: { loopback: false }, credentials: CREDENTIALS });
  await using client = await RawClient.connect(open.listener.port);

  client.send(WITH_WRONG_PASSWORD);
  await client.waitForEnd();

  expect(client.received).toEqual([]);
});

test('a port of its own claims whoever comes', async () => {
  await using open = await openBroker({ claims: { loopback: false, ownPort: true }, peer: answeringPeer() });
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe(CONNACK);
  expect(open.log.of('claimed')).toMatchObject([{ by: 'port' }]);
});

test('a server name that is a token claims before the handshake', async () => {
  const authority = await makeAuthority({ keys: 'p-256' });
  const identity = await issueServer(authority, ['token.invalid']);
  await using open = await openBroker({ claims: { loopback: false, sniTokens: ['token.invalid'] }, tls: { identity } });
  const fault = open.listener.connectionFault('client-hello', 'rst');
  const tls = { ca: authority.root.cert, rejectUnauthorized: false };
  await using other = await RawClient.connect(open.listener.port, { ...tls, servername: 'other.invalid' });

  await using client = RawClient.start(open.listener.port, { ...tls, servername: 'token.invalid' });
  await client.waitFor('ECONNRESET');

  expect((await fault.fired).conn).toBe(2);
  expect(other.happened).toEqual([]);
});

test('who sends no CONNECT in time is a stranger', async () => {
  await using open = await openBroker({ claims: { loopback: false } }, { limits: { handshakeMs: 20 } });
  await using client = await RawClient.connect(open.listener.port);

  await client.waitForEnd();

  expect(open.log.of('stranger')).toMatchObject([{ why: 'no CONNECT within 20 ms' }]);
});

test('connections beyond the limit are turned away, those inside stay', async () => {
  await using open = await openBroker({ peer: answeringPeer() }, { limits: { connections: 1 } });
  await using first = await RawClient.connect(open.listener.port);
  first.send(CONNECT);
  await first.nextFrame();
  await using second = await RawClient.connect(open.listener.port);

  await second.waitForEnd();
  first.send('c000');

  expect(await first.nextFrame()).toBe('d000');
  expect(open.log.of('stranger')).toMatchObject([{ conn: 2, why: 'more than 1 connections' }]);
});

test('a packet above the limit is not gathered', async () => {
  await using open = await openBroker({ peer: answeringPeer() }, { limits: { packetBytes: 100 } });
  await using client = await RawClient.connect(open.listener.port);
  client.send(CONNECT);
  await client.nextFrame();

  client.send('30 80 01 00');
  client.socket.end();
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(open.log.of('bytes')).toMatchObject([{ dir: 'up', why: 'packet of 131 bytes, 100 allowed' }]);
});

test('topics outside the prefix are refused', async () => {
  await using open = await openBroker({ topicPrefix: 'run/' });
  await using client = await RawClient.connect(open.listener.port);
  client.send(CONNECT);
  await client.nextFrame();

  client.send('820d 0001 0001 23 00 0004 72756e2f 01');

  expect(await client.nextFrame()).toBe('900400018001');
});
