import { expect, test } from '@jest/globals';
import { crc32 } from '../protocol/crc32.ts';
import { FakeModule } from './fake-module.ts';
import { ModuleProxy } from './module-proxy.ts';
import { readAll } from './read-all.ts';

const BUDGET_MS = 20_000;

async function ranFor(use: (module: ModuleProxy) => Promise<unknown>) {
  const fake = new FakeModule();
  await using session = await fake.open();
  await use(new ModuleProxy(session));
  return fake.shim.ran.filter(({ method }) => method !== 'clock.read' && method !== 'events.ack');
}

test('a file goes over in chunks with their checksums, and the whole is checked', async () => {
  const bytes = Buffer.from(Array.from({ length: 5000 }, (_, index) => index % 251));

  const ran = await ranFor((module) => module.putFile('a.bin', bytes));

  expect(ran.map(({ method, params }) => [method, params['offset']])).toEqual([
    ['file.write', 0],
    ['file.write', 2048],
    ['file.write', 4096],
    ['file.check', undefined],
  ]);
  const chunks = ran.slice(0, 3).map(({ params }) => Buffer.from(String(params['base64']), 'base64'));
  expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  expect(ran.slice(0, 3).map(({ params }) => params['crc32'])).toEqual(chunks.map((chunk) => crc32(chunk)));
  expect(ran[3]?.params).toEqual({ name: 'a.bin', length: 5000, crc32: crc32(bytes) });
});

test('an empty file is a file', async () => {
  const ran = await ranFor((module) => module.putFile('empty', Buffer.alloc(0)));

  expect(ran.map(({ method }) => method)).toEqual(['file.write', 'file.check']);
});

test('what the module gives in parts is put together', async () => {
  const whole = Buffer.from('abcdefghij');

  const read = await readAll(async (offset) => ({
    base64: whole.subarray(offset, offset + 4).toString('base64'),
    size: whole.length,
  }));

  expect(read.toString()).toBe('abcdefghij');
});

test('a part that is empty before the end is the protocol broken, not a loop', async () => {
  await expect(readAll(async () => ({ base64: '', size: 10 }))).rejects.toMatchObject({ code: 'PROTOCOL' });
});

test('an AT command resolves with its own lines, up to the result code, whether they come before the answer or after it', async () => {
  for (const isEarly of [true, false]) {
    const fake = new FakeModule({
      refuse: (method) => {
        if (method !== 'at.send') return undefined;
        if (isEarly) answerAt(fake);
        else setImmediate(() => answerAt(fake)); // by then the answer has been sent
        return undefined;
      },
    });
    await using session = await fake.open();

    expect(await new ModuleProxy(session).at('AT+CSQ', BUDGET_MS)).toEqual(['+CSQ: 24,99', 'OK']);
  }
});

/** Between the lines of the newest `at.send`, a line of another. */
function answerAt({ shim }: FakeModule): void {
  const request = shim.ran.at(-1)?.id;
  shim.emit({ e: 'at', request, line: '+CSQ: 24,99', done: false });
  shim.emit({ e: 'at', request: 4711, line: 'OK', done: true });
  shim.emit({ e: 'at', request, line: 'OK', done: true });
}

test('the calls of an armed reaction have tokens, and are heard when it fires', async () => {
  const fake = new FakeModule();
  await using session = await fake.open();
  const module = new ModuleProxy(session);

  const { calls } = await module.armReaction(2, 'exception', [{ method: 'mqtt.deinit', params: { slot: 2 } }]);
  const token = calls[0]?.token;
  fake.shim.emit({ e: 'ret', token, fn: 'deinit', slot: 2, task: 1, ret: 0, handle: 0 });

  expect(fake.shim.ran.at(-1)?.params).toMatchObject({
    calls: [{ method: 'mqtt.deinit', params: { slot: 2, token } }],
  });
  expect(await calls[0]?.returned(BUDGET_MS)).toMatchObject({ fn: 'deinit', ret: 0 });
});
