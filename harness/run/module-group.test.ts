import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { buildFirmware } from '../bench/firmware-build.ts';
import type { BenchModule } from '../bench/inventory/inventory.ts';
import { lockStatus, ModuleLock } from '../bench/lock/module-lock.ts';
import { parseModuleSpec } from '../bench/module-spec.ts';
import { readSkus } from '../bench/sku.ts';
import { readVirtualCatalogue } from '../bench/virtual-catalogue.ts';
import { VirtualModule } from '../bench/virtual-module.ts';
import { StartedGroup } from './module-group.ts';
import type { RunRequest } from './run-request.ts';

const BUDGET_MS = 30_000;
let binary = '';
let folder = '';
const before = process.env['QLHIL_LOCK_DIR'];
beforeAll(async () => {
  binary = await buildFirmware('r03');
}, 600_000);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
  process.env['QLHIL_LOCK_DIR'] = join(folder, 'locks');
});
afterEach(() => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
afterAll(() => {
  if (before === undefined) delete process.env['QLHIL_LOCK_DIR'];
  else process.env['QLHIL_LOCK_DIR'] = before;
});

const request: RunRequest = {
  modules: [],
  files: [],
  grep: undefined,
  clauses: [],
  profile: 'full',
  shard: undefined,
  seed: 1,
  repeat: 1,
  shuffle: false,
  strict: false,
  known: [],
  baselines: [],
  failOnChange: false,
  failOnFlaky: false,
  bail: false,
  maxDurationMs: undefined,
  out: undefined,
  brokerHost: '127.0.0.1',
  listenAddress: '127.0.0.1',
  apn: '',
  command: ['qlhil', 'run', 'nightly'],
};

/** A virtual module whose port is used as that of a module on a bench is. */
async function plugIn(): Promise<VirtualModule> {
  const spec = parseModuleSpec('virtual:EC200U-CN', { ...readVirtualCatalogue(), skus: readSkus() });
  if (spec.kind !== 'virtual') throw new TypeError('it is not virtual');
  return await VirtualModule.start({ spec, binary, folder: join(folder, 'module'), seed: 7, copy: 1 });
}

async function start(path: string, expected?: Partial<BenchModule>): Promise<StartedGroup> {
  const named: BenchModule = { name: 'lab', usb: '1-1', rpc: 'nmea', labels: [], ...expected };
  const spec = { kind: 'tty', text: 'lab', path, expected: named } as const;
  return await StartedGroup.start({ name: 'lab', specs: [spec] }, request, { folder, onNote: () => undefined });
}

test(
  'a run holds the lock of its module until it is over',
  async () => {
    await using module = await plugIn();
    const group = await start(module.port);
    const during = await lockStatus(module.port);

    await group[Symbol.asyncDispose]();

    expect(during).toMatchObject({ isHeld: true, holder: { why: 'qlhil run nightly', isHold: false } });
    expect(await lockStatus(module.port)).toMatchObject({ isHeld: false });
  },
  BUDGET_MS,
);

test('a module that somebody else holds is not touched', async () => {
  const port = join(folder, 'no-port-at-all');
  await using _ = await ModuleLock.take(port, { why: 'by hand' });

  await expect(start(port)).rejects.toMatchObject({ code: 'MODULE_LOCKED' });
});

test(
  'another module than the inventory says is refused before anything runs, and its lock is free again',
  async () => {
    await using module = await plugIn();

    await expect(start(module.port, { imei: '861234567890123' })).rejects.toMatchObject({ code: 'CONFIGURATION' });
    await expect(start(module.port, { sku: 'EC600U-CN' })).rejects.toMatchObject({
      message: expect.stringContaining('SKU EC200U-CN instead of EC600U-CN'),
    });
    expect(await lockStatus(module.port)).toMatchObject({ isHeld: false });
  },
  BUDGET_MS,
);

test(
  'what the inventory says of the broker comes before what was said for all modules',
  async () => {
    await using module = await plugIn();
    await using group = await start(module.port, { broker: { host: 'mqtt.lab.example', listen: '0.0.0.0' } });

    expect(group.lanes).toMatchObject([{ brokerHost: 'mqtt.lab.example', listenAddress: '0.0.0.0', sku: 'EC200U-CN' }]);
  },
  BUDGET_MS,
);
