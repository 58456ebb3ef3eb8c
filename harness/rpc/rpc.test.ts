import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { isFailure } from '../errors.ts';
import { decodeLine } from '../protocol/line.ts';
import { Rpc } from './rpc.ts';

const BUDGET_MS = 1000;

const written = v.object({
  id: v.optional(v.number()),
  method: v.string(),
  params: v.record(v.string(), v.unknown()),
});
type Written = v.InferOutput<typeof written>;

/** An rpc whose clock stands still and whose lines are kept. */
function makeRpc() {
  const clock = { ms: 0, nowMs: () => clock.ms };
  const lines: string[] = [];
  const fences: string[] = [];
  const rpc = new Rpc({
    clock,
    write: (line) => lines.push(line),
    onFenced: (refusal) => fences.push(refusal),
    resendAfterMs: 100,
  });
  const messages = (): readonly (Written | readonly Written[])[] =>
    lines.map((line) => {
      const decoded = decodeLine(Buffer.from(line).subarray(0, -1));
      return v.parse(v.union([written, v.array(written)]), decoded.kind === 'message' ? decoded.message : undefined);
    });
  const ids = () => messages().flatMap((message) => [message].flat().map(({ id }) => id));
  return { rpc, clock, lines, fences, messages, ids };
}

function readClock(rpc: Rpc, budgetMs = BUDGET_MS) {
  const upMs = rpc.request('clock.read', {}, budgetMs);
  // Each test looks at the answers that it is about.
  upMs.catch(() => undefined);
  return upMs;
}

function answer(rpc: Rpc, id: number | undefined, upMs = 1) {
  return rpc.receive({ jsonrpc: '2.0', id, result: { upMs } });
}

function refuse(rpc: Rpc, id: number | undefined, code: number, message: string) {
  return rpc.receive({ jsonrpc: '2.0', id, error: { code, message } });
}

test('a request carries the link, and its answer is the result', async () => {
  const { rpc, messages } = makeRpc();
  rpc.resume(3);

  const file = rpc.request('file.read', { name: 'a', offset: 0, length: 4 }, BUDGET_MS);
  rpc.receive({ jsonrpc: '2.0', id: 1, result: { base64: 'YWJj', length: 3, size: 3 } });

  expect(messages()).toEqual([{ id: 1, method: 'file.read', params: { link: 3, name: 'a', offset: 0, length: 4 } }]);
  expect(await file).toEqual({ base64: 'YWJj', length: 3, size: 3 });
});

test('sixteen requests are outstanding at most, and each answer lets another go', () => {
  const { rpc, ids } = makeRpc();
  rpc.resume(1);

  for (let n = 0; n < 20; n++) void readClock(rpc);
  expect(ids()).toHaveLength(16);

  answer(rpc, 5);
  expect(ids()).toHaveLength(17);
});

test('no id is 32 above the oldest one without an answer', () => {
  const { rpc, ids } = makeRpc();
  rpc.resume(1);
  for (let n = 0; n < 100; n++) void readClock(rpc);

  for (let id = 2; id <= 60; id++) answer(rpc, id);

  expect(Math.max(...ids().map(Number))).toBe(32);
  answer(rpc, 1);
  expect(Math.max(...ids().map(Number))).toBeGreaterThan(32);
});

test('without an answer the same text is sent again, and after the first time at longer intervals', () => {
  const { rpc, clock, lines } = makeRpc();
  rpc.resume(1);
  void readClock(rpc);

  const sentAt: number[] = [];
  for (clock.ms = 0; clock.ms < 900; clock.ms += 10) {
    const before = lines.length;
    rpc.tick();
    if (lines.length > before) sentAt.push(clock.ms);
  }

  expect(sentAt).toEqual([100, 300, 500, 700]);
  expect(new Set(lines).size).toBe(1);
});

test('on a new link what has no answer is sent again under its id, with the new link', () => {
  const { rpc, messages } = makeRpc();
  rpc.resume(1);
  void readClock(rpc);
  void readClock(rpc);
  answer(rpc, 1);

  rpc.pause();
  rpc.resume(2);

  expect(messages().at(-1)).toEqual({ id: 2, method: 'clock.read', params: { link: 2 } });
  expect(messages()).toHaveLength(3);
});

test('while the link is down nothing is written, and requests wait', async () => {
  const { rpc, lines } = makeRpc();

  const upMs = readClock(rpc);
  rpc.notify('events.ack', { upTo: 1 });
  expect(lines).toEqual([]);

  rpc.resume(1);
  answer(rpc, 1, 42);
  expect(await upMs).toEqual({ upMs: 42 });
});

test('a stale link is a reason to say hello, once, and not an answer', async () => {
  const { rpc, fences, messages } = makeRpc();
  rpc.resume(1);
  const first = readClock(rpc);
  const second = readClock(rpc);

  refuse(rpc, 1, -32001, 'STALE_LINK');
  refuse(rpc, 2, -32001, 'STALE_LINK');
  expect(fences).toEqual(['STALE_LINK']);

  rpc.pause();
  rpc.resume(7);
  answer(rpc, 1, 10);
  answer(rpc, 2, 20);
  expect([await first, await second]).toEqual([{ upMs: 10 }, { upMs: 20 }]);
  expect(messages().at(-1)).toMatchObject({ id: 2, params: { link: 7 } });
});

test('a refusal has the name of its code', async () => {
  const { rpc } = makeRpc();
  rpc.resume(1);
  const removed = rpc.request('file.remove', { name: 'a' }, BUDGET_MS);

  rpc.receive({ jsonrpc: '2.0', id: 1, error: { code: -32010, message: 'whatever', data: -7 } });

  const error: unknown = await removed.catch((thrown: unknown) => thrown);
  expect(isFailure(error, 'RPC_REFUSED') && error.data).toEqual({
    method: 'file.remove',
    code: -32010,
    name: 'FILE_FAILED',
  });
  expect(error).toMatchObject({ message: 'file.remove was refused: FILE_FAILED (-32010, -7)' });
});

test('a request expires whether it was written or still waits', async () => {
  const { rpc, clock } = makeRpc();
  rpc.resume(1);
  const all = Array.from({ length: 18 }, () => readClock(rpc, 50));

  clock.ms = 50;
  rpc.tick();

  const codes = await Promise.all(all.map((one) => one.catch((error: unknown) => isFailure(error, 'RPC_TIMEOUT'))));
  expect(codes).toEqual(Array.from({ length: 18 }, () => true));
  expect(rpc.isIdle).toBe(true);
});

test('time without a link is not taken from the budget of a request, written or not', async () => {
  const { rpc, clock } = makeRpc();
  rpc.resume(1);
  const inFlight = readClock(rpc, 50);
  clock.ms = 20;
  rpc.pause();
  const waiting = readClock(rpc, 50);

  clock.ms = 9020;
  rpc.tick();
  rpc.resume(2);
  clock.ms = 9049;
  rpc.tick();
  expect(rpc.isIdle).toBe(false);
  clock.ms = 9050;
  rpc.tick();
  answer(rpc, 2, 7);

  expect(isFailure(await inFlight.catch((error: unknown) => error), 'RPC_TIMEOUT')).toBe(true);
  expect(await waiting).toEqual({ upMs: 7 });
});

test('the answer to a request that has expired is dropped', () => {
  const { rpc, clock } = makeRpc();
  rpc.resume(1);
  void readClock(rpc, 50);
  clock.ms = 50;
  rpc.tick();

  expect(answer(rpc, 1)).toBe('taken');
});

test('on the end everything that waits is rejected', async () => {
  const { rpc } = makeRpc();
  rpc.resume(1);
  const all = Array.from({ length: 20 }, () => readClock(rpc));

  rpc.rejectAll(new Error('gone'));

  const results = await Promise.allSettled(all);
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(20);
});

test('a batch is one line, each of its calls has an id, and it is sent again as a whole', async () => {
  const { rpc, clock, messages, lines } = makeRpc();
  rpc.resume(1);
  const requests = [1, 2, 3].map((token) => ({ method: 'mqtt.deinit' as const, params: { slot: 0, token } }));

  const answers = rpc.batch(requests, BUDGET_MS);
  clock.ms = 100;
  rpc.tick();

  expect(lines).toHaveLength(2);
  expect(messages()[1]).toEqual(messages()[0]);
  expect(messages()[0]).toMatchObject([{ id: 1 }, { id: 2 }, { id: 3, params: { link: 1, token: 3 } }]);
  rpc.receive([1, 2, 3].map((id) => ({ jsonrpc: '2.0', id, result: { accepted: id } })));
  expect(await Promise.all(answers)).toEqual([{ accepted: 1 }, { accepted: 2 }, { accepted: 3 }]);
});

test('a request that does not fit in a line is refused before it is written', async () => {
  const { rpc, lines } = makeRpc();
  rpc.resume(1);

  const error: unknown = await rpc
    .request('at.send', { command: 'x'.repeat(5000), timeoutMs: 1 }, BUDGET_MS)
    .catch((thrown: unknown) => thrown);

  expect(isFailure(error, 'CONFIGURATION')).toBe(true);
  expect(lines).toEqual([]);
  expect(rpc.isIdle).toBe(true);
});

test('an answer of another shape than the method has is the protocol broken', async () => {
  const { rpc } = makeRpc();
  rpc.resume(1);
  const upMs = readClock(rpc);

  rpc.receive({ jsonrpc: '2.0', id: 1, result: { upMs: 'soon' } });

  expect(isFailure(await upMs.catch((error: unknown) => error), 'PROTOCOL')).toBe(true);
});

test('what is no answer is left to others, and an answer to nothing is told apart', () => {
  const { rpc } = makeRpc();

  expect(rpc.receive({ jsonrpc: '2.0', method: 'events', params: {} })).toBe('other');
  expect(rpc.receive(7)).toBe('other');
  expect(rpc.receive({ jsonrpc: '2.0', id: 'x', result: {} })).toBe('other');
  expect(rpc.receive({ jsonrpc: '2.0', id: null, error: { code: -32700, message: 'PARSE_ERROR' } })).toBe('stray');
});
