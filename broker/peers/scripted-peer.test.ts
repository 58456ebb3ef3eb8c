import { expect, test } from '@jest/globals';
import { drop } from '../faults/drop.ts';
import { CONNACK, CONNECT, openBroker } from '../support/open-broker.ts';
import { BUDGET_MS, RawClient } from '../support/raw-client.ts';
import { connackPeer, endOnConnectPeer, greetingPeer, silentPeer } from './behaviours.ts';
import { ScriptedPeer } from './scripted-peer.ts';

test('a script expects frames and sends exact bytes, several packets in one piece', async () => {
  const peer = new ScriptedPeer('retained message with the CONNACK', async (line) => {
    await line.expect('CONNECT');
    line.send(CONNACK, '3205 0001 61 0007');
    await line.expectBytes('40 02 0007');
    await line.expectEnd();
  });
  await using open = await openBroker({ peer });
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);
  expect([await client.nextFrame(), await client.nextFrame()]).toEqual([CONNACK, '32050001610007']);
  client.send('40020007');
  client.socket.end();

  await peer.waitForScript(BUDGET_MS);
  await open.listener.waitForNoConnections(BUDGET_MS);
  expect(client.received).toHaveLength(1);
  expect(open.log.of('frame').filter(({ dir }) => dir === 'down')).toMatchObject([
    { injected: true },
    { injected: true },
  ]);
});

test('a packet that is sent in parts is reported as bytes, and as a frame when it is whole', async () => {
  const peer = new ScriptedPeer('slow CONNACK', async (line) => {
    await line.expect('CONNECT');
    for (const byte of ['20', '02', '00', '00']) line.send(byte);
    await line.expectEnd();
  });
  await using open = await openBroker({ peer });
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe(CONNACK);
  expect(open.log.of('bytes').map(({ dir, hex }) => [dir, hex])).toEqual([
    ['down', '20'],
    ['down', '02'],
    ['down', '00'],
  ]);
  expect(open.log.frames()).toEqual(['up CONNECT', 'down CONNACK']);
});

test('bytes that complete a packet are no frame for a gate', async () => {
  const peer = new ScriptedPeer('CONNACK in two parts', async (line) => {
    await line.expect('CONNECT');
    line.send('20');
    line.send('02 00 00');
    await line.expectEnd();
  });
  await using open = await openBroker({ peer });
  const gate = open.listener.gate({ dir: 'down' }, drop());
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe(CONNACK);
  expect(gate.count).toBe(0);
});

test('what the script did not expect is its failure, and in the events', async () => {
  const peer = new ScriptedPeer('strict', async (line) => {
    await line.expect({ type: 'SUBSCRIBE', packetId: 7 });
  });
  await using open = await openBroker({ peer });
  await using client = await RawClient.connect(open.listener.port);

  client.send('c000');

  await expect(peer.waitForScript(BUDGET_MS)).rejects.toMatchObject({
    code: 'SCRIPT_MISMATCH',
    data: { expected: 'SUBSCRIBE 7', saw: 'PINGREQ (c000)' },
  });
  expect(open.log.of('fault')).toMatchObject([{ fault: 'strict', detail: expect.stringContaining('PINGREQ') }]);
});

test('a wait of a script names what it waited for, and ends with the connection', async () => {
  const peer = new ScriptedPeer('waits', async (line) => {
    await line.expect('CONNECT', BUDGET_MS);
  });
  await using open = await openBroker({ peer });
  await using client = await RawClient.connect(open.listener.port);
  client.socket.resetAndDestroy();

  await expect(peer.waitForScript(BUDGET_MS)).rejects.toThrow('script expects CONNECT: connection 1 is closed');
});

test('FIN where a frame was expected is a mismatch', async () => {
  const peer = new ScriptedPeer('fin', async (line) => {
    await line.expect('CONNECT');
  });
  await using open = await openBroker({ peer });
  await using client = await RawClient.connect(open.listener.port);
  client.socket.end();

  await expect(peer.waitForScript(BUDGET_MS)).rejects.toMatchObject({ data: { expected: 'CONNECT', saw: 'FIN' } });
});

test.each([1, 2, 3, 4, 5])('CONNACK %i is sent and the connection closed', async (code) => {
  await using open = await openBroker({ peer: connackPeer(code) });
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);

  expect(await client.nextFrame()).toBe(`2002000${code}`);
  await client.waitFor('end');
});

test('who answers can be changed for the connections to come', async () => {
  await using open = await openBroker({ peer: connackPeer(3, 'stay') });
  await using first = await RawClient.connect(open.listener.port);
  first.send(CONNECT);
  expect(await first.nextFrame()).toBe('20020003');

  open.listener.serve({ peer: 'aedes' });
  await using second = await RawClient.connect(open.listener.port);
  second.send(CONNECT);

  expect(await second.nextFrame()).toBe(CONNACK);
  expect(first.happened).toEqual([]);
});

test('a silent peer reads everything, sends nothing, and closes after the client', async () => {
  await using open = await openBroker({ peer: silentPeer() });
  await using client = await RawClient.connect(open.listener.port);

  client.send(`${CONNECT} c000`);
  await open.listener.waitForFrame({ type: 'PINGREQ' }, BUDGET_MS);
  expect(client.received).toEqual([]);
  client.socket.end();

  await client.waitFor('end');
});

test.each(['fin', 'rst'] as const)('a connection is ended by %s once CONNECT is there', async (how) => {
  await using open = await openBroker({ peer: endOnConnectPeer(how) });
  await using client = await RawClient.connect(open.listener.port);

  client.send(CONNECT);

  await client.waitFor(how === 'fin' ? 'end' : 'ECONNRESET');
  expect(client.received).toEqual([]);
});

test('a greeting comes before CONNECT', async () => {
  await using open = await openBroker({ peer: greetingPeer(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')) });
  await using client = await RawClient.connect(open.listener.port);

  await client.waitForBytes(28);

  expect(Buffer.concat(client.received).toString()).toBe('HTTP/1.1 400 Bad Request\r\n\r\n');
});
