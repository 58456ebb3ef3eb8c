import { expect, test } from '@jest/globals';
import { encode } from '../frame/encode.ts';
import { answeringPeer } from '../peers/answering-peer.ts';
import { CONNACK, CONNECT, openBroker } from '../support/open-broker.ts';
import { BUDGET_MS, RawClient } from '../support/raw-client.ts';
import { count } from './count.ts';
import { delay } from './delay.ts';
import { drop } from './drop.ts';
import { duplicate } from './duplicate.ts';
import { hold } from './hold.ts';
import { inject } from './inject.ts';
import { reorder } from './reorder.ts';
import { rewrite } from './rewrite.ts';

const PING = 'c000';
const PINGRESP = 'd000';

function publish(packetId: number): string {
  return encode.publish({ topic: 'a', qos: 1, packetId }).toString('hex');
}

function puback(packetId: number): string {
  return encode.ack('PUBACK', packetId).toString('hex');
}

async function connected(port: number): Promise<RawClient> {
  const client = await RawClient.connect(port);
  client.send(CONNECT);
  await client.nextFrame();
  return client;
}

test('a held PUBACK does not come before it is released, while other frames do', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  const gate = open.listener.gate({ dir: 'down', type: 'PUBACK' }, hold());
  await using client = await connected(open.listener.port);

  client.send(publish(1));
  await gate.fired;
  client.send(PING);
  expect(await client.nextFrame()).toBe(PINGRESP);
  expect(gate.held.map(({ packet }) => packet)).toMatchObject([{ type: 'PUBACK', packetId: 1 }]);
  gate.release();

  expect(await client.nextFrame()).toBe(puback(1));
  expect(open.log.of('frame').filter(({ packet }) => packet.type === 'PUBACK')).toMatchObject([
    { held: true, frame: 2 },
    { frame: 2 },
  ]);
  expect(open.log.of('gate').map(({ act, count: fired }) => [act, fired])).toEqual([
    ['armed', 0],
    ['fired', 1],
    ['released', 1],
  ]);
});

test('held frames are released in the order that is asked for', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  const gate = open.listener.gate({ type: 'PUBACK' }, hold());
  await using client = await connected(open.listener.port);
  client.send(publish(1) + publish(2) + publish(3));
  await gate.waitForCount(3, BUDGET_MS);

  gate.release({ count: 2, order: [1, 0] });
  gate.release();

  expect([await client.nextFrame(), await client.nextFrame(), await client.nextFrame()]).toEqual([2, 1, 3].map(puback));
});

test('closing a gate lets go what it holds', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  await using client = await connected(open.listener.port);
  {
    using gate = open.listener.gate({ type: 'PUBACK' }, hold());
    client.send(publish(1));
    await gate.fired;
  }

  expect(await client.nextFrame()).toBe(puback(1));
});

test('the second PUBACK is dropped, and only that', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  const gate = open.listener.gate({ type: 'PUBACK' }, drop(), { nth: 2 });
  await using client = await connected(open.listener.port);

  client.send(publish(1) + publish(2) + publish(3));

  expect([await client.nextFrame(), await client.nextFrame()]).toEqual([puback(1), puback(3)]);
  expect(gate.count).toBe(1);
  expect(open.log.of('frame').filter(({ held }) => held)).toMatchObject([{ packet: { packetId: 2 } }]);
});

test('a frame from the module that is dropped is reported and not answered', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  open.listener.gate({ dir: 'up', type: 'PUBLISH' }, drop(), { times: 1 });
  await using client = await connected(open.listener.port);

  client.send(publish(1) + publish(2));

  expect(await client.nextFrame()).toBe(puback(2));
  expect(open.log.frames().filter((frame) => frame === 'up PUBLISH')).toHaveLength(2);
});

test('a delayed frame delays those after it', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  open.listener.gate({ type: 'PUBACK' }, delay(30), { times: 1 });
  await using client = await connected(open.listener.port);

  client.send(publish(1) + PING + publish(2));

  expect([await client.nextFrame(), await client.nextFrame(), await client.nextFrame()]).toEqual([
    puback(1),
    PINGRESP,
    puback(2),
  ]);
});

test('a duplicated frame comes twice, the copy marked as injected', async () => {
  await using open = await openBroker({ peer: 'aedes' });
  open.listener.gate({ type: 'PUBACK' }, duplicate());
  await using client = await connected(open.listener.port);

  client.send(publish(1));

  expect([await client.nextFrame(), await client.nextFrame()]).toEqual([puback(1), puback(1)]);
  const acks = open.log.of('frame').filter(({ packet }) => packet.type === 'PUBACK');
  expect(acks.map(({ injected = false }) => injected)).toEqual([false, true]);
});

test('frames are gathered and come in the order given', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  open.listener.gate({ type: 'PUBACK' }, reorder([2, 0, 1]));
  await using client = await connected(open.listener.port);

  client.send(publish(1) + publish(2) + publish(3));

  expect([await client.nextFrame(), await client.nextFrame(), await client.nextFrame()]).toEqual([3, 1, 2].map(puback));
});

test('an order that is no permutation is refused', () => {
  expect(() => reorder([0, 2])).toThrow('no permutation');
});

test('a rewritten CONNACK arrives in place of the one of aedes, and is reported with its defect', async () => {
  await using open = await openBroker({ peer: 'aedes' });
  open.listener.gate(
    { type: 'CONNACK' },
    rewrite(() => encode.connack(6)),
  );
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe('20020006');
  expect(open.log.of('frame').filter(({ dir }) => dir === 'down')).toMatchObject([
    { held: true, packet: { returnCode: 0 } },
    { injected: true, packet: { returnCode: 6 }, defects: [{ clause: 'MQTT-3.2.2-6' }] },
  ]);
});

test('bytes are injected before, after and instead of the frame that a gate waits for', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  open.listener.gate({ dir: 'down', type: 'CONNACK' }, inject(encode.pingresp(), 'before'));
  open.listener.gate({ dir: 'up', type: 'SUBSCRIBE' }, inject(encode.suback(1, [0x80]), 'instead'));
  open.listener.gate({ dir: 'up', type: 'PUBLISH' }, inject(encode.ack('PUBACK', 9)));
  await using client = await RawClient.connect(open.listener.port);

  client.send(`${CONNECT} 8206 0001 0001 61 00 ${publish(1)}`);

  const seen = [];
  for (let i = 0; i < 5; i += 1) seen.push(await client.nextFrame());
  expect(seen).toEqual([PINGRESP, CONNACK, '90030001 80'.replace(' ', ''), puback(1), puback(9)]);
});

test('a counting gate lets everything pass, also to the next gate', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  const counter = open.listener.gate({ dir: 'up' }, count());
  const dropper = open.listener.gate({ dir: 'up', type: 'PUBLISH' }, drop());
  await using client = await connected(open.listener.port);

  client.send(publish(1) + PING);

  expect(await client.nextFrame()).toBe(PINGRESP);
  expect([counter.count, dropper.count]).toEqual([3, 1]);
});

test('a gate can wait for another frame before it looks', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  open.listener.gate({ type: 'PINGRESP' }, drop(), { after: { dir: 'up', type: 'PUBLISH' } });
  await using client = await connected(open.listener.port);

  client.send(PING + publish(1) + PING + publish(2));

  expect([await client.nextFrame(), await client.nextFrame(), await client.nextFrame()]).toEqual([
    PINGRESP,
    puback(1),
    puback(2),
  ]);
});

test('a gate that never fired says so when it is closed', async () => {
  const open = await openBroker();
  const gate = open.listener.gate({ type: 'PUBACK' }, hold(), { name: 'first PUBACK' });
  const waiting = gate.waitForCount(1, BUDGET_MS);
  const results = Promise.allSettled([gate.fired, waiting]);

  await open.broker.close();

  expect(await results).toMatchObject([
    { reason: { code: 'CLOSED', message: 'gate "first PUBACK" was closed and had not fired' } },
    { reason: { code: 'CLOSED' } },
  ]);
});

test('the event of a frame to the module comes before the module can answer it', async () => {
  await using open = await openBroker({ peer: answeringPeer() });
  await using client = await connected(open.listener.port);

  for (let id = 1; id <= 50; id += 1) {
    client.send(publish(id));
    await client.nextFrame();
    expect(open.log.of('frame').at(-1)).toMatchObject({ dir: 'down', packet: { type: 'PUBACK', packetId: id } });
  }
});
