import { expect, test } from '@jest/globals';
import mqtt from 'mqtt';
import { CONNACK, CONNECT, openBroker } from '../support/open-broker.ts';
import { BUDGET_MS, RawClient } from '../support/raw-client.ts';

/** Client `abcd` with will topic `w`, will message `gone`. */
const WITH_WILL = '10 19 0004 4d515454 04 06 003c 0004 61626364 0001 77 0004 676f6e65';
const KEEPING = CONNECT.replace('04 02 003c', '04 00 003c');
const SUBSCRIBE = '8206 0001 0001 61 01';

async function connected(port: number, connect = CONNECT): Promise<RawClient> {
  const client = await RawClient.connect(port);
  client.send(connect);
  await client.nextFrame();
  return client;
}

test.each(['fin', 'rst'] as const)('a will is published when the module is lost by %s', async (how) => {
  await using open = await openBroker();
  await using observer = await connected(open.listener.port, CONNECT.replace('61626364', '61626365'));
  observer.send('8206 0001 0001 77 00');
  await observer.nextFrame();
  await using client = await connected(open.listener.port, WITH_WILL);

  if (how === 'fin') client.socket.end();
  else client.socket.resetAndDestroy();

  expect(await observer.nextFrame()).toBe('3007000177676f6e65');
  expect(open.log.of('message')).toMatchObject([{ topic: { text: 'w' }, from: 'abcd' }]);
});

test('after DISCONNECT there is no will', async () => {
  await using open = await openBroker();
  await using client = await connected(open.listener.port, WITH_WILL);

  client.send('e000');
  await client.waitFor('end');
  client.socket.end();
  await open.listener.waitForNoConnections(BUDGET_MS);

  expect(open.log.of('message')).toEqual([]);
});

test('a session is kept over connections, with what was published meanwhile', async () => {
  await using open = await openBroker();
  await using first = await connected(open.listener.port, KEEPING);
  first.send(SUBSCRIBE);
  await first.nextFrame();
  first.socket.end();
  await open.listener.waitForNoConnections(BUDGET_MS);
  await open.broker.publish({ topic: 'a', payload: 'kept', qos: 1 });

  await using second = await RawClient.connect(open.listener.port);
  second.send(KEEPING);

  expect(await second.nextFrame()).toBe('20020100');
  expect(await second.nextFrame()).toMatch(/^3209000161....6b657074$/);
});

test('a retained message is there for who comes later, also over another listener', async () => {
  await using open = await openBroker();
  const other = await open.broker.listen({ address: '127.0.0.1', port: 0, peer: 'aedes' });
  await open.broker.publish({ topic: 'a', payload: 'kept', retain: true });
  await using client = await connected(other.port);

  client.send(SUBSCRIBE);

  expect([await client.nextFrame(), await client.nextFrame()].toSorted()).toEqual(['31070001616b657074', '9003000101']);
});

test('the second connection with a client id takes over from the first', async () => {
  await using open = await openBroker();
  await using first = await connected(open.listener.port);
  await using second = await RawClient.connect(open.listener.port);

  second.send(CONNECT);

  expect(await second.nextFrame()).toBe(CONNACK);
  await first.waitFor('end');
});

test('QoS 2 goes both ways through tap and broker, and breaks nothing', async () => {
  await using open = await openBroker();
  const client = await mqtt.connectAsync(`mqtt://127.0.0.1:${open.listener.port}`, { reconnectPeriod: 0 });
  const message = new Promise<string>((resolve) => {
    client.on('message', (_topic, payload) => resolve(payload.toString()));
  });
  await client.subscribeAsync('a', { qos: 2 });

  await client.publishAsync('a', 'twice', { qos: 2 });

  expect(await message).toBe('twice');
  await client.endAsync();
  await open.listener.waitForNoConnections(BUDGET_MS);
  expect(open.log.of('frame').filter(({ lint, defects }) => lint.length > 0 || defects !== undefined)).toEqual([]);
  expect(open.log.frames().filter((frame) => frame.includes('PUBREC'))).toHaveLength(2);
});

test.each([
  [2, '20020002'],
  [4, '20020004'],
  [5, '20020005'],
])('a listener that decides by itself answers with return code %i', async (code, connack) => {
  const offers: unknown[] = [];
  await using open = await openBroker({
    authenticate: (offer) => {
      offers.push(offer);
      return code;
    },
  });
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe(connack);
  await client.waitFor('end');
  expect(offers).toEqual([{ clientId: 'abcd', userName: null, password: null }]);
});
