import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { answeringPeer } from '../peers/answering-peer.ts';
import { CONNACK, CONNECT, openBroker } from '../support/open-broker.ts';
import { BUDGET_MS, RawClient } from '../support/raw-client.ts';

test.each([
  ['fin', 'end'],
  ['rst', 'ECONNRESET'],
] as const)('an accepted connection is ended by %s, once', async (act, seen) => {
  await using open = await openBroker({ peer: answeringPeer() });
  const fault = open.listener.connectionFault('accept', act);
  await using first = RawClient.start(open.listener.port);
  await first.waitFor(seen);
  await using second = await RawClient.connect(open.listener.port);

  second.send(CONNECT);

  expect(await second.nextFrame()).toBe(CONNACK);
  expect((await fault.fired).conn).toBe(1);
  expect(open.log.of('tcp-close')).toMatchObject(act === 'rst' ? [{ by: 'broker', how: 'rst' }] : []);
});

test('a silenced connection is read and not answered, and closes after the client', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  const fault = open.listener.connectionFault('accept', 'silence');
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);
  client.socket.end();
  await client.waitFor('end');

  expect(client.received).toEqual([]);
  expect(fault.count).toBe(1);
  expect(open.log.frames()).toEqual([]);
});

test('a connection that is not read fills the window of its client', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  const fault = open.listener.connectionFault('accept', 'stop-reading');
  await using client = await RawClient.connect(open.listener.port);
  await fault.fired;

  // More than the kernel keeps for both sides: the write can't finish.
  const megabytes = Buffer.alloc(16 << 20);
  client.socket.write(megabytes);
  (await fault.fired).resumeReading();
  await once(client.socket, 'drain');

  expect(open.log.frames()).toEqual([]);
});

test('reading stops and goes on in the middle of MQTT', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  await using client = await RawClient.connect(open.listener.port);
  client.send(CONNECT);
  await client.nextFrame();
  const [connection] = open.listener.connections;

  connection?.stopReading();
  client.send('c000');
  const ping = open.listener.waitForFrame({ type: 'PINGREQ' }, BUDGET_MS);
  connection?.resumeReading();

  await ping;
  expect(await client.nextFrame()).toBe('d000');
  expect(open.log.of('fault')).toMatchObject([{ fault: 'stop reading', act: 'fired', conn: connection?.conn }]);
});

test('exact bytes are sent in place of any answer', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  open.listener.connectionFault('accept', { send: Buffer.from('220 smtp\r\n'), afterwards: 'fin' });
  await using client = await RawClient.connect(open.listener.port);

  await client.waitFor('end');

  expect(Buffer.concat(client.received).toString()).toBe('220 smtp\r\n');
});

test('connections are refused while the port stays ours, and accepted again on it', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  const { port } = open.listener;
  await using before = await RawClient.connect(port);
  before.send(CONNECT);
  await before.nextFrame();

  await open.listener.refuse();
  await using refused = RawClient.start(port);
  await refused.waitFor('ECONNREFUSED');
  before.send('c000');
  expect(await before.nextFrame()).toBe('d000');
  await open.listener.acceptAgain();
  await using after = await RawClient.connect(port);
  after.send(CONNECT);

  expect(await after.nextFrame()).toBe(CONNACK);
});

test('while connections are refused, a socket of ours is bound to the port', async () => {
  await using open = await openBroker();
  const bound = `:${open.listener.port.toString(16).toUpperCase().padStart(4, '0')} `;

  await open.listener.refuse();

  expect(readFileSync('/proc/net/tcp', 'utf8')).toContain(bound);
});

test('after FIN a connection is given some time to be closed, after a half-close it is left open', async () => {
  await using open = await openBroker({ peer: answeringPeer() }, { limits: { lingerMs: 10 } });
  const first = open.listener.waitForConnection(BUDGET_MS);
  await using _client = await RawClient.connect(open.listener.port);
  const halfClosed = await first;
  const second = open.listener.waitForConnection(BUDGET_MS);
  await using _other = await RawClient.connect(open.listener.port);
  const ended = await second;

  halfClosed.end('half-close');
  ended.end('fin');
  await ended.waitForClose(BUDGET_MS);

  expect(halfClosed.isOpen).toBe(true);
});

test('a port range is tried from its start', async () => {
  await using open = await openBroker();
  const { port } = open.listener;

  const next = await open.broker.listen({ address: '127.0.0.1', port: { from: port, to: port + 5 }, peer: 'aedes' });

  expect(next.port).toBeGreaterThan(port);
});
