import { existsSync, lstatSync, mkdtempSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startVirtual } from '../../test/support/start-virtual.ts';
import { isFailure } from '../errors.ts';
import { ModuleSession } from '../module/session.ts';
import { transportFor } from '../transport/transport-for.ts';
import { buildFirmware } from './firmware-build.ts';
import { parkModule } from './park-module.ts';
import { readyModule } from './ready-module.ts';

const BUDGET_MS = 30_000;
let folder = '';
beforeAll(() => buildFirmware('r03'), 600_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));

const start = (text = 'virtual:EC200U-CN', copy = 1) =>
  startVirtual(text, { folder: join(folder, `module-${copy}`), copy });

test(
  'a virtual module answers on its port as the SKU that was asked for',
  async () => {
    await using module = await start();

    const identified = await readyModule(module.port, '');

    expect(identified).toMatchObject({ sku: 'EC200U-CN', revision: 'EC200UCNAAR03A07M08_OCPU' });
  },
  BUDGET_MS,
);

test(
  'copies of a kind have IMEIs of their own, with a right check digit',
  async () => {
    await using first = await start('virtual:EC200U-CN', 1);
    await using second = await start('virtual:EC200U-CN', 2);

    const imeis = [];
    for (const { port } of [first, second]) {
      await using session = await ModuleSession.open({ transport: transportFor(port) });
      imeis.push(session.hello.module.imei);
    }

    // 001015400000011 and …029: the digits doubled from the right and summed give a multiple of ten.
    expect(imeis).toEqual(['001015400000011', '001015400000029']);
  },
  BUDGET_MS,
);

test(
  'the port is a link that follows the module through re-enumeration and is gone in between',
  async () => {
    await using module = await start();
    const before = readlinkSync(module.port);
    const during: boolean[] = [];
    const unplugged = module.waitFor(
      (event) => {
        if (event.event === 'unplugged') during.push(lstatSync(module.port, { throwIfNoEntry: false }) !== undefined);
        return event.event === 'unplugged';
      },
      BUDGET_MS,
      'the module to vanish',
    );
    const replugged = module.waitFor((event) => event.event === 'plugged', BUDGET_MS, 'the module to come back');

    await module.control('kill');
    await Promise.all([unplugged, replugged]);

    expect(during).toEqual([false]);
    expect(readlinkSync(module.port)).not.toBe(before);
    expect((await readyModule(module.port, '')).sku).toBe('EC200U-CN');
  },
  BUDGET_MS,
);

test(
  'when it is disposed of, no process of it is left',
  async () => {
    const module = await start();
    const running = descendantsOf(process.pid);

    await module[Symbol.asyncDispose]();

    expect(running.length).toBeGreaterThanOrEqual(2);
    expect(running.filter((pid) => existsSync(`/proc/${pid}`))).toEqual([]);
    expect(existsSync(module.port)).toBe(false);
  },
  BUDGET_MS,
);

test(
  'a setting that the firmware does not know ends the start with what it said',
  async () => {
    const failure: unknown = await start('virtual:EC200U-CN?set.no_such_setting=1').catch((thrown: unknown) => thrown);

    expect(isFailure(failure, 'CHILD_FAILED') && failure.message).toMatch(/no_such_setting/u);
  },
  BUDGET_MS,
);

test(
  'parking takes open clients and the data call down, and making ready brings it up',
  async () => {
    await using module = await start();
    {
      await using session = await ModuleSession.open({ transport: transportFor(module.port) });
      const call = await session.call('mqtt.init', { slot: 0, cid: 1 });
      await call.returned(BUDGET_MS);
      expect((await session.request('slots', {})).slots[0]).toBe('open');
    }

    await parkModule(module.port);

    await using session = await ModuleSession.open({ transport: transportFor(module.port) });
    expect((await session.request('slots', {})).slots).toEqual(Array.from({ length: 6 }, () => 'free'));
    expect((await session.request('network.status', {})).dataCall).toBe(false);
    await session.close();
    await readyModule(module.port, '');
    await using again = await ModuleSession.open({ transport: transportFor(module.port) });
    expect((await again.request('network.status', {})).dataCall).toBe(true);
  },
  BUDGET_MS,
);

/** The supervisor and the firmware. */
function descendantsOf(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number);
  return [...children, ...children.flatMap(descendantsOf)];
}
