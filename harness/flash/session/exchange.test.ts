import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { BytePort } from '../byte-port.ts';
import { bytePortPair } from '../byte-port-pair.ts';
import { BslLink } from './bsl-link.ts';
import { Exchange } from './exchange.ts';

const CONNECT = '7e00000000ffff7e';
const ACK = Buffer.from('7E00800000FF7F7E', 'hex');
const NOTHING = new Uint8Array(0);

let far: BytePort;
let exchange: Exchange;
let heard: Buffer[];

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
  const [near, other] = bytePortPair();
  far = other;
  heard = [];
  far.onData((bytes) => heard.push(bytes));
  exchange = new Exchange(near);
});

afterEach(() => {
  jest.useRealTimers();
});

function link(): BslLink {
  return new BslLink(exchange, () => undefined);
}

test('a request is written once and resolves with its answer, however that is cut', async () => {
  const asked = link().command('CONNECT', NOTHING, 1000);
  await far.write(ACK.subarray(0, 3));
  await far.write(ACK.subarray(3));

  await expect(asked).resolves.toBeUndefined();
  expect(heard.map((bytes) => bytes.toString('hex'))).toEqual([CONNECT]);
});

test('silence is told with the budget and the request, and nothing is sent again', async () => {
  const asked = link().command('CONNECT', NOTHING, 1000);
  await Promise.all([
    expect(asked).rejects.toMatchObject({
      code: 'FLASH_BSL_TIMEOUT',
      message: 'no answer to CONNECT within 1000 ms',
      data: { operation: 'CONNECT', timeoutMs: 1000, trace: [`> ${CONNECT}`] },
    }),
    jest.advanceTimersByTimeAsync(1000),
  ]);

  expect(heard).toHaveLength(1);
});

test('an answer that nobody asked for fails the next request instead of answering it', async () => {
  const asked = link();
  await far.write(ACK);
  await jest.advanceTimersByTimeAsync(0);

  await expect(asked.command('CONNECT', NOTHING, 1000)).rejects.toMatchObject({ code: 'FLASH_REPLY_UNEXPECTED' });
  expect(heard).toEqual([]);
});

test('after draining, what came late is forgotten and an answer belongs to its request again', async () => {
  const asked = link();
  await far.write(ACK);
  const drained = asked.drain(500);
  await jest.advanceTimersByTimeAsync(200);
  await far.write(Buffer.from('7E0080', 'hex'));
  await jest.advanceTimersByTimeAsync(1000);
  await drained;

  const again = asked.command('CONNECT', NOTHING, 1000);
  await far.write(ACK);

  await expect(again).resolves.toBeUndefined();
});

test('a port that goes away rejects what waits and everything after it', async () => {
  const asked = link();
  const waiting = asked.command('CONNECT', NOTHING, 1000);

  await Promise.all([expect(waiting).rejects.toMatchObject({ code: 'FLASH_PORT_VANISHED' }), far.close()]);
  await expect(asked.command('CONNECT', NOTHING, 1000)).rejects.toMatchObject({ code: 'FLASH_PORT_VANISHED' });
});

test('two requests at a time are a bug and say so', async () => {
  const first = exchange.ask('one', { timeoutMs: 10, read: () => undefined });

  await expect(exchange.ask('two', { timeoutMs: 10, read: () => undefined })).rejects.toMatchObject({
    code: 'HARNESS_BUG',
  });
  await jest.advanceTimersByTimeAsync(10);
  await first;
});
