import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import type { VirtualModule } from '../harness/bench/virtual-module.ts';
import { isFailure } from '../harness/errors.ts';
import { type Disturbance, randomOf } from '../harness/module/disturbed.ts';
import { ModuleProxy } from '../harness/module/module-proxy.ts';
import { ModuleSession } from '../harness/module/session.ts';
import type { SessionTiming } from '../harness/module/session-timing.ts';
import type { LinkHappening } from '../harness/protocol/link-happening.ts';
import type { ModuleEvent } from '../harness/protocol/module-event.ts';
import { transportFor } from '../harness/transport/transport-for.ts';
import { DisturbingRelay } from './support/disturbing-relay.ts';
import { startVirtual } from './support/start-virtual.ts';

/** The link against the real shim: the virtual module behind a PTY, with and without a relay that mistreats what passes. */

const BUDGET_MS = 20_000;
/** Nothing depends on it: a lost line is repeated sooner, so that the test is. */
const QUICK: Partial<SessionTiming> = { resendAfterMs: 30, helloMs: 100, reopenPauseMs: 10, pollMs: 30, gapMs: 20 };
const WORST: Disturbance = { noise: 0.05, flip: 0.05, cut: 0.03, duplicate: 0.05, drop: 0.03, split: 0.1 };

const folder = mkdtempSync(join(tmpdir(), 'qlhil-link-'));
let started = 0;

beforeAll(() => buildFirmware('manual'), 600_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function startModule(): Promise<VirtualModule> {
  started += 1;
  return startVirtual('virtual', { folder: join(folder, String(started)) });
}

class Opened implements AsyncDisposable {
  readonly events: ModuleEvent[] = [];
  readonly happenings: LinkHappening[] = [];
  readonly #session: Promise<ModuleSession>;

  constructor(port: string) {
    this.#session = ModuleSession.open({
      transport: transportFor(port),
      timing: QUICK,
      observer: {
        event: (event) => void this.events.push(event),
        happening: (happening) => void this.happenings.push(happening),
      },
    });
  }

  async module(): Promise<ModuleProxy> {
    return new ModuleProxy(await this.#session);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await (await this.#session).close();
  }
}

function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** Calls that need no client, and what each came to. */
async function makeCalls(module: ModuleProxy, count: number): Promise<readonly number[]> {
  return Promise.all(
    numbers(count).map(async (n) => {
      const call = await module.call('mqtt.is_connected', { slot: n % 6 });
      return (await call.returned(BUDGET_MS)).token;
    }),
  );
}

/** Every call ran once, and every event came once and in order. */
function expectWhole(events: readonly ModuleEvent[], tokens: readonly number[]): void {
  const ran = events.filter((event) => event.e === 'call').map(({ token }) => token);
  expect(new Set(ran)).toEqual(new Set(tokens));
  expect(ran).toHaveLength(tokens.length);
  expect(events.map(({ seq }) => seq)).toEqual(numbers(events.length));
}

test(
  'calls, files and figures pass over a PTY',
  async () => {
    await using virtual = await startModule();
    await using opened = new Opened(virtual.port);
    const module = await opened.module();
    const file = Buffer.from(numbers(9000).map((n) => n % 256));

    const call = await module.call('mqtt.publish', { slot: 0, topic: 'a', payload: 'b', qos: 1, retain: 0 });
    await module.putFile('UFS:link.bin', file);

    expect(await call.returned(BUDGET_MS)).toMatchObject({ token: call.token, fn: 'publish', slot: 0 });
    expect((await module.readFile('UFS:link.bin')).equals(file)).toBe(true);
    expect(await module.at('AT+CSQ', 1000)).toContain('OK');
    expect(await module.slots()).toHaveLength(6);
    expect((await module.stats()).heap.total).toBeGreaterThan(0);
    expect(await module.networkStatus()).toMatchObject({ registered: true });
    await module.removeFile('UFS:link.bin');
  },
  BUDGET_MS,
);

test(
  'a batch and an armed reaction tell their calls',
  async () => {
    await using virtual = await startModule();
    await using opened = new Opened(virtual.port);
    const module = await opened.module();
    const calls = await module.batch([
      { method: 'mqtt.init', params: { slot: 0, cid: 1 } },
      { method: 'mqtt.connect', params: { slot: 0, host: 'mqtt://127.0.0.1:1', info: { clientId: 'c' } } },
    ]);

    const reaction = await module.armReaction(0, 'connect', [{ method: 'mqtt.is_connected', params: { slot: 0 } }]);
    const [, connect] = calls;
    // Refused before or after the reaction was armed; a second attempt is certainly after.
    await connect?.entered('connect', BUDGET_MS);
    const again = await module.call('mqtt.connect', { slot: 0, host: 'mqtt://127.0.0.1:1', info: { clientId: 'c' } });
    await again.entered('connect', BUDGET_MS);

    expect(await reaction.calls[0]?.returned(BUDGET_MS)).toMatchObject({ fn: 'is_connected', ret: 0 });
  },
  BUDGET_MS,
);

test(
  'through a relay that loses, flips, cuts, doubles and tears lines, every call runs once and every event comes once',
  async () => {
    await using virtual = await startModule();
    await using relay = await DisturbingRelay.open(virtual.port, {}, 11);
    await using opened = new Opened(relay.spec);
    const module = await opened.module();
    relay.disturbance = WORST;

    const tokens = await makeCalls(module, 300);
    await module.sync(BUDGET_MS);

    relay.disturbance = {};
    expectWhole(opened.events, tokens);
    expect(opened.happenings.some(({ k }) => k === 'noise')).toBe(true);
  },
  2 * BUDGET_MS,
);

test(
  'through a hundred cuts of the connection at random moments, every call runs once and every event comes once',
  async () => {
    await using virtual = await startModule();
    await using relay = await DisturbingRelay.open(virtual.port, {}, 12);
    await using opened = new Opened(relay.spec);
    const module = await opened.module();
    const random = randomOf(12);
    const tokens: number[] = [];

    while (relay.connections <= 100) {
      const burst = makeCalls(module, 1 + Math.floor(random() * 12));
      for (let turns = Math.floor(random() * 30); turns > 0; turns--) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      relay.cut();
      tokens.push(...(await burst));
    }
    await module.sync(BUDGET_MS);

    expectWhole(opened.events, tokens);
    const reopened = opened.happenings.filter((happening) => happening.k === 'reopen');
    expect(reopened.every(({ resumed }) => resumed)).toBe(true);
    expect(opened.happenings.filter(({ k }) => k === 'boot' || k === 'trouble')).toEqual([]);
  },
  3 * BUDGET_MS,
);

test(
  'a firmware that is killed at random moments is told as a panic each time, and the session goes on',
  async () => {
    await using virtual = await startModule();
    await using opened = new Opened(virtual.port);
    const module = await opened.module();
    const random = randomOf(13);
    const rounds = 20;
    const errors: unknown[] = [];

    for (const round of numbers(rounds)) {
      const work = makeCalls(module, 40).catch((error: unknown) => void errors.push(error));
      for (let turns = Math.floor(random() * 20); turns > 0; turns--) {
        await new Promise((resolve) => setImmediate(resolve));
      }
      await virtual.control('kill');
      await work;
      await waitForBoots(module, opened, round);
    }

    expect(errors.filter((error) => !isFailure(error, 'MODULE_RESET'))).toEqual([]);
    const boots = opened.happenings.filter((happening) => happening.k === 'boot');
    expect(boots.map(({ cause, announced }) => ({ cause, announced }))).toEqual(
      numbers(rounds).map(() => ({ cause: 'panic', announced: false })),
    );
    expect(await makeCalls(module, 20)).toHaveLength(20);
  },
  3 * BUDGET_MS,
);

/** Resolves when the host has seen so many boots: requests fail with each, and then do not. */
async function waitForBoots(module: ModuleProxy, opened: Opened, count: number): Promise<void> {
  while (opened.happenings.filter(({ k }) => k === 'boot').length < count) {
    await module.readClock().catch((error: unknown) => error);
  }
}
