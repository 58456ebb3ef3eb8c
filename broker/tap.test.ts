import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { encode } from './frame/encode.ts';
import type { PeerLink } from './peers/peer.ts';
import { CONNECT, openBroker } from './support/open-broker.ts';
import { BUDGET_MS, RawClient } from './support/raw-client.ts';

/** Enough turns of the event loop for what could happen to have happened. */
async function someTurns(): Promise<void> {
  for (let i = 0; i < 30; i += 1) await new Promise(setImmediate);
}

const CHUNK = encode.publish({ topic: 'a', payload: Buffer.alloc(64 * 1024) });

test('a module that does not read holds the peer up, and gets everything in order when it reads', async () => {
  await using open = await openBroker({ peer: 'aedes' });
  await using client = await RawClient.connect(open.listener.port);
  client.send(`${CONNECT} 8206 0001 0001 61 00`);
  await client.nextFrame();
  await client.nextFrame();
  client.socket.pause();

  const [connection] = open.listener.connections;
  const messages = Array.from({ length: 300 }, (_, i) => open.broker.publish({ topic: 'a', payload: numbered(i) }));
  while (connection?.socket.writableNeedDrain === false) await new Promise(setImmediate);
  await someTurns();
  // Nothing but what one write is ahead of the window: the rest waits at the peer.
  expect(connection?.socket.writableLength).toBeLessThan(3 * CHUNK.length);
  client.socket.resume();

  await Promise.all(messages);
  for (let i = 0; i < 300; i += 1) expect(await client.nextFrame()).toBe(message(i));
});

function numbered(i: number): Buffer {
  const payload = Buffer.alloc(64 * 1024);
  payload.writeUInt32BE(i);
  return payload;
}

function message(i: number): string {
  return encode.publish({ topic: 'a', payload: numbered(i) }).toString('hex');
}

test('a peer that takes no more stops the module, until it wants bytes again', async () => {
  let link: PeerLink | undefined;
  let isFull = true;
  await using open = await openBroker({
    peer: {
      name: 'full',
      attach: (attached) => {
        link = attached;
        return { receive: () => !isFull, moduleEnded: () => attached.end('fin'), connectionClosed: () => undefined };
      },
    },
  });
  await using client = await RawClient.connect(open.listener.port);
  const connected = open.listener.waitForFrame({ type: 'CONNECT' }, BUDGET_MS);
  client.send(CONNECT);
  await connected;

  for (let i = 0; i < 256; i += 1) client.socket.write(CHUNK);
  await someTurns();
  const framesWhileFull = open.log.frames().length;
  isFull = false;
  link?.resume();
  await once(client.socket, 'drain');

  // CONNECT, and what one read of the socket held.
  expect(framesWhileFull).toBeLessThan(4);
});

test('what a connection ends in the middle of is reported', async () => {
  await using open = await openBroker();
  await using client = await RawClient.connect(open.listener.port);

  client.send(`${CONNECT} 30 10 0001`);
  client.socket.end();
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(open.log.of('bytes')).toMatchObject([
    { dir: 'up', hex: '30100001', length: 4, why: 'the connection ended inside a packet' },
  ]);
});

test('a stream that can not be cut is reported as bytes, and reaches the peer, which closes', async () => {
  await using open = await openBroker();
  await using client = await RawClient.connect(open.listener.port);

  client.send(`${CONNECT} 30 ffffffff7f`);
  await client.waitFor('end');

  expect(open.log.of('bytes')).toMatchObject([{ dir: 'up', why: 'remaining length of more than four bytes' }]);
});

test('a frame longer than the limit of its hex is reported with its whole length', async () => {
  await using open = await openBroker();
  await using client = await RawClient.connect(open.listener.port);
  client.send(CONNECT);
  await client.nextFrame();

  const seen = open.listener.waitForFrame({ type: 'PUBLISH' }, BUDGET_MS);
  client.socket.write(CHUNK);
  await seen;

  expect(open.log.of('frame').at(-1)).toMatchObject({ length: CHUNK.length, packet: { payload: { length: 65_536 } } });
  expect(open.log.of('frame').at(-1)?.hex).toHaveLength(1_024);
});

test('a wait for a frame that does not come says which, and where', async () => {
  await using open = await openBroker();

  await expect(open.listener.waitForFrame({ dir: 'up', type: 'PUBACK', packetId: 7 }, 5)).rejects.toThrow(
    'up PUBACK 7 at test: not within 5 ms',
  );
});
