import { expect, jest, test } from '@jest/globals';
import { isFailure } from '../errors.ts';
import { encodeLine } from '../protocol/line.ts';
import type { LineReceiver } from '../transport/line-transport.ts';
import { linkedPair } from '../transport/memory.ts';
import type { Disturbance } from './disturbed.ts';
import { FakeModule, TEST_TIMING } from './fake-module.ts';
import type { ModuleSession } from './session.ts';

/** Far beyond what anything here takes; no test depends on it. */
const BUDGET_MS = 20_000;
jest.setTimeout(60_000);

async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  try {
    await promise;
  } catch (error) {
    return error;
  }
  return undefined;
}

function publish(session: ModuleSession, slot = 0) {
  return session.call('mqtt.publish', { slot, topic: 'a', payload: 'b', qos: 1, retain: 0 });
}

function isConnectedCalls(session: ModuleSession, count: number) {
  return Promise.all(
    Array.from({ length: count }, (_, index) => session.call('mqtt.is_connected', { slot: index % 6 })),
  );
}

/** Sequence numbers of `count` events, 1 to n. */
function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

test('a call tells its return and its callback', async () => {
  const module = new FakeModule();
  await using session = await module.open();

  const call = await publish(session, 2);

  expect(await call.returned(BUDGET_MS)).toMatchObject({ token: call.token, fn: 'publish', slot: 2, ret: -2 });
  expect(await call.entered('request', BUDGET_MS)).toMatchObject({ arg: call.token, err: 0 });
});

test('what a call has heard already is told at once', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  const call = await publish(session);
  await session.sync();

  expect(await call.entered('request', 0)).toMatchObject({ err: 0 });
  expect(await call.returned(0)).toMatchObject({ ret: -2 });
});

test('sixty calls at once all return', async () => {
  const module = new FakeModule();
  await using session = await module.open();

  const calls = await isConnectedCalls(session, 60);

  const returns = await Promise.all(calls.map((call) => call.returned(BUDGET_MS)));
  expect(returns.map(({ token }) => token)).toEqual(calls.map(({ token }) => token));
});

test('a request that expires names its method and its budget', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  module.shim.isMute = true;

  const error = await failureOf(session.request('slots', {}, 50));

  module.shim.isMute = false;
  expect(isFailure(error, 'RPC_TIMEOUT') && error.data).toEqual({ method: 'slots', timeoutMs: 50 });
});

test('a wait for a callback that does not come names it and is told', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  const call = await session.call('mqtt.deinit', { slot: 4 });

  const error = await failureOf(call.entered('exception', 30));

  const reason = 'the exception callback of mqtt.deinit on slot 4';
  expect(isFailure(error, 'WAIT_EXPIRED') && error.data).toEqual({ reason, budgetMs: 30 });
  expect(module.waits.at(-1)).toMatchObject({ reason, budgetMs: 30, ok: false });
});

test('a batch runs in order and each of its calls returns', async () => {
  const module = new FakeModule();
  await using session = await module.open();

  const calls = await session.batch([
    { method: 'mqtt.init', params: { slot: 1, cid: 1 } },
    { method: 'mqtt.deinit', params: { slot: 1 } },
  ]);

  const returns = await Promise.all(calls.map((call) => call.returned(BUDGET_MS)));
  expect(returns.map(({ fn }) => fn)).toEqual(['init', 'deinit']);
});

test('the next callback on a slot is the next, and of that slot', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  const next = session.nextCallback({ slot: 3, cb: 'exception' }, { reason: 'the exception', budgetMs: BUDGET_MS });

  module.shim.callback({ cb: 'exception', slot: 2 });
  module.shim.callback({ cb: 'exception', slot: 3 });

  expect(await next).toMatchObject({ cb: 'exception', slot: 3 });
});

test('everything that the module has said is delivered when sync is over', async () => {
  const module = new FakeModule();
  await using session = await module.open();

  for (const seq of numbers(500)) module.shim.emit({ e: 'network', what: 'csq', value: String(seq) });
  await session.sync();

  expect(module.events.map(({ seq }) => seq)).toEqual(numbers(500));
});

test('what has come is acknowledged, so that the module has room', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  for (const seq of numbers(100)) module.shim.emit({ e: 'network', what: 'csq', value: String(seq) });
  await session.sync();

  await session.sync();

  expect(module.shim.unacknowledged).toBe(0);
});

const disturbances: readonly (readonly [string, Disturbance])[] = [
  ['lost', { drop: 0.2 }],
  ['flipped in a bit', { flip: 0.2 }],
  ['cut', { cut: 0.1 }],
  ['doubled', { duplicate: 0.5 }],
  ['mixed with noise', { noise: 0.2 }],
  ['torn into bytes', { split: 0.5 }],
  [
    'lost, flipped, cut, doubled, noisy and torn',
    { drop: 0.05, flip: 0.05, cut: 0.05, duplicate: 0.1, noise: 0.1, split: 0.2 },
  ],
];

for (const [what, disturbance] of disturbances) {
  test(`with lines ${what}, nothing runs twice and every event is delivered once, in order`, async () => {
    for (const seed of [1, 2]) {
      const module = new FakeModule({ seed });
      await using session = await module.open();
      module.disturbance = disturbance;

      const calls = await Promise.all(numbers(60).map((n) => publish(session, n % 6)));
      const returns = await Promise.all(calls.map((call) => call.entered('request', BUDGET_MS)));
      await session.sync();

      module.disturbance = {};
      const ran = module.shim.ran
        .filter(({ method }) => method === 'mqtt.publish')
        .map(({ params }) => params['token']);
      expect(new Set(ran)).toEqual(new Set(calls.map(({ token }) => token)));
      expect(ran).toHaveLength(60);
      expect(returns).toHaveLength(60);
      expect(module.events.map(({ seq }) => seq)).toEqual(numbers(240));
    }
  });
}

test('through a hundred re-openings nothing runs twice and no event is lost or doubled', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  const calls: Promise<unknown>[] = [];

  for (let round = 0; round < 100; round++) {
    calls.push(...numbers(3).map((slot) => publish(session, slot)));
    const { openings } = module;
    if (round % 2 === 0) await calls.at(-1);
    module.shim.unplug();
    await module.until(() => module.openings > openings && module.happenings.at(-1)?.k === 'reopen');
  }
  await Promise.all(calls);
  await session.sync();

  const ran = module.shim.ran.filter(({ method }) => method === 'mqtt.publish');
  expect(ran).toHaveLength(300);
  expect(new Set(ran.map(({ params }) => params['token'])).size).toBe(300);
  expect(module.events.map(({ seq }) => seq)).toEqual(numbers(1200));
  expect(module.happened('reopen').every(({ resumed }) => resumed)).toBe(true);
});

test('a port that vanishes at any byte, in the middle of hello or of an event, costs no call and no event', async () => {
  const longest = await bytesOfACall();
  const breaks = Array.from({ length: longest + 1 }, (_, after) => after);

  for (let first = 0; first < breaks.length; first += BREAKS_AT_ONCE) {
    await Promise.all(breaks.slice(first, first + BREAKS_AT_ONCE).map(callThroughBreak));
  }

  expect(longest).toBeGreaterThan(500);
});

const BREAKS_AT_ONCE = 300;

/** The module's wire ends after so many bytes to the host, once. */
function breaking(module: FakeModule, after: number) {
  let left = after;
  let sent = 0;
  const transport = () => {
    module.openings += 1;
    const { near, far } = linkedPair();
    module.shim.attach({
      ...far,
      send: (bytes) => {
        sent += bytes.length;
        const isLast = left >= 0 && bytes.length > left;
        far.send(isLast ? bytes.subarray(0, left) : bytes);
        left -= bytes.length;
        if (isLast) module.shim.unplug();
      },
    });
    return near;
  };
  return { transport, sent: () => sent };
}

async function bytesOfACall(): Promise<number> {
  const module = new FakeModule();
  const { transport, sent } = breaking(module, Number.POSITIVE_INFINITY);
  await using session = await module.open({ transport });
  await session.sync();
  await (await publish(session)).entered('request', BUDGET_MS);
  return sent();
}

async function callThroughBreak(after: number): Promise<void> {
  const module = new FakeModule();
  await using session = await module.open({ transport: breaking(module, after).transport });

  const call = await publish(session);
  await call.entered('request', BUDGET_MS);
  await session.sync();

  const ran = module.shim.ran.filter(({ method }) => method === 'mqtt.publish');
  expect([after, ran.length, module.events.map(({ seq }) => seq)]).toEqual([after, 1, numbers(4)]);
}

test('events of the time without a port are delivered after it is open again', async () => {
  const module = new FakeModule();
  await using session = await module.open();

  module.shim.unplug();
  module.shim.callback({ cb: 'exception', slot: 0 });
  await module.until(() => module.happened('reopen').length === 1);
  await session.sync();

  expect(module.events.map(({ seq, e }) => [seq, e])).toEqual([
    [1, 'enter'],
    [2, 'leave'],
  ]);
  expect(module.happened('reopen')).toEqual([{ k: 'reopen', port: 'memory', link: 2, resumed: true }]);
});

test('a hello that another has sent fences the link, and the session says hello again by itself', async () => {
  const module = new FakeModule();
  await using session = await module.open();

  module.shim.link += 1;
  const { upMs } = await session.request('clock.read', {});

  expect(upMs).toBeGreaterThanOrEqual(0);
  expect(module.openings).toBe(1);
  expect(module.happened('reopen')).toMatchObject([{ resumed: true, link: 3 }]);
});

test('a session that another host has taken is trouble, and what waited learns of it', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  const call = await session.call('mqtt.deinit', { slot: 0 });
  const waiting = failureOf(call.entered('exception', BUDGET_MS));

  module.shim.session += 1;
  module.shim.link += 1;
  await failureOf(session.request('slots', {}));

  expect(isFailure(await waiting, 'PROTOCOL')).toBe(true);
  expect(module.happened('trouble')).toHaveLength(1);
  expect(await session.request('slots', {})).toBeDefined();
});

test('the answer to a hello of somebody else is not taken', async () => {
  const module = new FakeModule();
  module.onOpen = () => {
    const ghost = { nonce: '0000000000000000', session: 99, link: 99 };
    module.shim.sendMessage({ jsonrpc: '2.0', id: 1, result: ghost });
  };

  await using session = await module.open();

  expect(session.hello.session).toBe(1);
});

test('events of another session are noise', async () => {
  const module = new FakeModule();
  await using session = await module.open();

  const events = [{ seq: 1, t: 0, e: 'reset', why: 'a ghost' }];
  module.shim.sendMessage({ jsonrpc: '2.0', method: 'events', params: { session: 77, events } });
  await session.sync();

  expect(module.events).toEqual([]);
  expect(module.happened('noise')).toMatchObject([{ why: 'ghost' }]);
});

test('a reset that nobody announced is told with its cause, and what waited fails with it', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  const call = await session.call('mqtt.is_connected', { slot: 0 });
  const waiting = failureOf(call.entered('exception', BUDGET_MS));

  module.shim.reset({ announced: false, cause: 'panic', unplug: true });

  const error = await waiting;
  expect(isFailure(error, 'MODULE_RESET') && error.data).toEqual({ cause: 'panic', announced: false });
  expect(module.happened('boot')).toMatchObject([{ cause: 'panic', announced: false }]);
});

test('a start that somebody brought about from outside is announced, and trouble of the rig', async () => {
  const module = new FakeModule();
  const explainBoot = (cause: string) => (cause === 'pin-reset' ? 'by a button' : undefined);
  await using session = await module.open({ explainBoot });

  module.shim.reset({ announced: false, cause: 'pin-reset', unplug: false });
  await failureOf(session.request('slots', {}));
  module.shim.reset({ announced: false, cause: 'panic', unplug: false });
  await failureOf(session.request('slots', {}));

  expect(module.happened('boot')).toMatchObject([
    { cause: 'pin-reset', announced: true },
    { cause: 'panic', announced: false },
  ]);
  expect(module.happened('trouble')).toEqual([
    { k: 'trouble', what: 'the module was started from outside, by a button' },
  ]);
});

test('after a reset the session goes on, with sequence numbers from 1', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  await publish(session);
  await session.sync();
  const before = module.events.length;

  module.shim.reset({ announced: true, cause: 'software-reset', unplug: true });
  await module.until(() => module.happened('reopen').length === 1);
  const call = await session.call('mqtt.is_connected', { slot: 0 });
  await call.returned(BUDGET_MS);

  expect(module.happened('boot')).toMatchObject([{ cause: 'software-reset' }]);
  expect(
    module.events
      .slice(before)
      .filter(({ e }) => e !== 'reset')
      .map(({ seq }) => seq),
  ).toEqual([1, 2]);
});

test('a reset whose event was heard is an announced one', async () => {
  const module = new FakeModule();
  await using session = await module.open();

  module.shim.reset({ announced: true, cause: 'software-reset', unplug: false });
  await failureOf(session.request('slots', {}));

  expect(module.happened('boot')).toMatchObject([{ announced: true }]);
});

test('a reset behind a port that stays open is found by the next request', async () => {
  const module = new FakeModule();
  await using session = await module.open();

  module.shim.reset({ announced: false, cause: 'watchdog', unplug: false });
  const error = await failureOf(session.request('slots', {}));

  expect(isFailure(error, 'MODULE_RESET') && error.data).toEqual({ cause: 'watchdog', announced: false });
  expect(module.openings).toBe(1);
});

test('a reset in the middle of a hello ends in a session with the boot after it', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  let resets = 0;
  module.onOpen = () => {
    resets += 1;
    if (resets <= 3) module.shim.reset({ announced: false, cause: 'panic', unplug: true });
  };

  module.shim.unplug();
  await module.until(() => module.happened('reopen').length === 1);

  expect(module.shim.boot).toBe(3);
  expect(module.happened('boot')).toHaveLength(1);
  expect(await session.request('slots', {})).toBeDefined();
});

test('the clock of a new boot is told before its first event', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  const told: string[] = [];
  session.observe({ event: ({ e }) => told.push(e), happening: ({ k }) => told.push(k) });

  module.shim.reset({ announced: false, cause: 'panic', unplug: true });
  await module.until(() => module.happened('reopen').length === 1);
  module.shim.callback({ cb: 'exception', slot: 0 });
  await session.sync();

  expect(told.slice(0, 3)).toEqual(['boot', 'clock', 'reopen']);
  expect(told).toContain('enter');
});

test('the last event of a burst is asked for when its line was lost', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  const next = session.nextCallback({ slot: 0, cb: 'exception' }, { reason: 'the exception', budgetMs: BUDGET_MS });

  module.disturbance = { drop: 1 };
  module.shim.callback({ cb: 'exception', slot: 0 });
  // The wire takes two turns; then nothing of it is left to be lost.
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  module.disturbance = {};

  expect(await next).toMatchObject({ cb: 'exception' });
});

test('an event that the module no longer has is trouble, and does not hold up the others', async () => {
  const module = new FakeModule();
  await using session = await module.open();
  module.shim.emit({ e: 'network', what: 'csq', value: '1' });
  module.shim.emit({ e: 'network', what: 'csq', value: '2' });
  module.shim.loseEvent(1);

  await session.sync();

  expect(module.events.map(({ seq }) => seq)).toEqual([2]);
  expect(module.happened('trouble')).toEqual([{ k: 'trouble', what: 'the module no longer has events 1 to 1' }]);
});

test('a counted loss is told as an overflow', async () => {
  const module = new FakeModule();
  await using session = await module.open();

  module.shim.emit({ e: 'lost', counts: { inpub: 3 } });
  await session.sync();

  expect(module.happened('overflow')).toEqual([{ k: 'overflow', counts: { inpub: 3 } }]);
});

test('noise is told with its head and never parsed', async () => {
  const module = new FakeModule();
  await using session = await module.open();

  const json = JSON.stringify({ jsonrpc: '2.0', method: 'events', params: { session: 1, events: [] } });
  module.shim.sendRaw(`${json}*00000000\n`);
  module.shim.sendRaw(encodeLine('"neither answer nor event"'));
  await session.sync();

  expect(module.happened('noise')).toEqual([
    { k: 'noise', hex: Buffer.from(json).toString('hex', 0, 64), length: json.length + 9, why: 'bad-checksum' },
  ]);
  expect(module.happened('trouble')).toHaveLength(1);
});

test('a port that does not come back ends everything that waits', async () => {
  const module = new FakeModule();
  await using session = await module.open({ timing: { reopenMs: 30, tickMs: 5, helloMs: 10, reopenPauseMs: 1 } });
  const call = await session.call('mqtt.deinit', { slot: 0 });
  const waiting = failureOf(call.entered('exception', BUDGET_MS));
  module.onOpen = () => module.shim.unplug();

  module.shim.unplug();

  expect(isFailure(await waiting, 'PORT_LOST')).toBe(true);
  expect(isFailure(await failureOf(session.request('slots', {})), 'PORT_LOST')).toBe(true);
  expect(module.happened('trouble')).toHaveLength(1);
});

test('a call that finds the queue full is tried again', async () => {
  let refusals = 3;
  const module = new FakeModule({
    refuse: (method) => (method === 'mqtt.deinit' && refusals-- > 0 ? 'QUEUE_FULL' : undefined),
  });
  await using session = await module.open();

  const call = await session.call('mqtt.deinit', { slot: 0 });

  expect(await call.returned(BUDGET_MS)).toMatchObject({ fn: 'deinit' });
  expect(module.requests.filter(({ method }) => method === 'mqtt.deinit')).toHaveLength(1);
});

test('another refusal of a call is the caller’s to know', async () => {
  const module = new FakeModule({ refuse: (method) => (method === 'mqtt.deinit' ? 'SLOT_WEDGED' : undefined) });
  await using session = await module.open();

  const error = await failureOf(session.call('mqtt.deinit', { slot: 0 }));

  expect(isFailure(error, 'RPC_REFUSED') && error.data.name).toBe('SLOT_WEDGED');
});

test('a request is told before its event, with its token and without its secrets', async () => {
  const module = new FakeModule();
  await using session = await module.open();

  const call = await session.call('mqtt.connect', { slot: 5, host: 'h', info: { pass: 'hush' } });
  await call.returned(BUDGET_MS);

  expect(module.requests).toMatchObject([
    { method: 'mqtt.connect', slot: 5, token: call.token, params: { host: 'h' } },
  ]);
  expect(JSON.stringify(module.requests)).not.toContain('hush');
  expect(JSON.stringify(module.shim.ran)).toContain('hush');
});

test('the offset of the clocks is told at the opening', async () => {
  const module = new FakeModule();
  await using session = await module.open();

  expect(module.happened('clock').length).toBeGreaterThan(0);
  expect(session.clockEstimate).toEqual({
    offsetMs: expect.any(Number),
    epsilonMs: expect.any(Number),
    driftPpm: 0,
  });
});

test('closing says bye and rejects what waits', async () => {
  const module = new FakeModule();
  const session = await module.open();
  const call = await session.call('mqtt.deinit', { slot: 0 });
  const waiting = failureOf(call.entered('exception', BUDGET_MS));

  await session.close();

  expect(isFailure(await waiting, 'PORT_LOST')).toBe(true);
  expect(module.shim.ran.at(-1)).toMatchObject({ method: 'bye' });
});

for (const takesAnyVersion of [false, true]) {
  const who = takesAnyVersion ? 'takes' : 'refuses';
  test(`a module that ${who} a host of another major version is not talked to`, async () => {
    const module = new FakeModule({ protocol: '2.0', takesAnyVersion });

    const error = await failureOf(module.open());

    expect(isFailure(error, 'PROTOCOL')).toBe(true);
    expect(error).toMatchObject({ message: expect.stringContaining('(1.0)') });
  });
}

test('a port that goes away in the middle of bye, and stays away, does not hold up the closing', async () => {
  const module = new FakeModule();
  const session = await module.open({ timing: { ...TEST_TIMING, reopenMs: 10 * BUDGET_MS } });
  module.shim.isMute = true;
  module.onOpen = () => module.shim.unplug();

  const closed = session.close();
  module.shim.unplug();
  await closed;

  expect(await failureOf(session.request('slots', {}))).toMatchObject({ code: 'PORT_LOST' });
});

test('a module of a later minor version is talked to', async () => {
  const module = new FakeModule({ protocol: '1.7' });

  await using session = await module.open();

  expect(session.hello.protocol).toBe('1.7');
});

test('a port on which nobody speaks the protocol is told after the budget', async () => {
  const module = new FakeModule();
  module.shim.isMute = true;

  const error = await failureOf(module.open({ timing: { openMs: 30, helloMs: 10 } }));

  expect(isFailure(error, 'RPC_TIMEOUT') && error.data).toEqual({ method: 'hello', timeoutMs: 30 });
  expect(error).toMatchObject({ message: expect.stringContaining('memory') });
});

test('a module that answers hello later than the first patience is heard all the same', async () => {
  const module = new FakeModule();
  const lateMs = 70;
  const slow = () => {
    const near = module.factory();
    return {
      name: near.name,
      open: (receiver: LineReceiver) =>
        near.open({ ...receiver, line: (bytes) => void setTimeout(() => receiver.line(bytes), lateMs) }),
      send: (text: string) => near.send(text),
      close: () => near.close(),
    };
  };

  await using session = await module.open({ transport: slow, timing: { helloMs: 20, openMs: BUDGET_MS, tickMs: 5 } });

  expect(await session.request('slots', {})).toBeDefined();
});

test('a port that goes away in the middle of the first hello is opened again', async () => {
  const module = new FakeModule();
  module.shim.isMute = true;
  module.onOpen = () => {
    module.shim.isMute = module.openings < 3;
    if (module.shim.isMute) setImmediate(() => module.shim.unplug());
  };

  await using session = await module.open();

  expect(module.openings).toBe(3);
  expect(await session.request('slots', {})).toBeDefined();
});
