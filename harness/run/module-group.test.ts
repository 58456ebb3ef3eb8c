import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startVirtual } from '../../test/support/start-virtual.ts';
import { buildFirmware } from '../bench/firmware-build.ts';
import type { BenchModule } from '../bench/inventory/inventory.ts';
import { lockStatus, ModuleLock } from '../bench/lock/module-lock.ts';
import type { VirtualModule } from '../bench/virtual-module.ts';
import { StartedGroup } from './module-group.ts';
import type { RunRequest } from './run-request.ts';

const BUDGET_MS = 30_000;
let folder = '';
const before = process.env['QLHIL_LOCK_DIR'];
beforeAll(() => buildFirmware('r03'), 600_000);
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
  pcap: false,
  maxDurationMs: undefined,
  out: undefined,
  brokerHost: '127.0.0.1',
  listenAddress: '127.0.0.1',
  apn: '',
  command: ['qlhil', 'run', 'nightly'],
};

/** A virtual module whose port is used as that of a module on a bench is. */
function plugIn(): Promise<VirtualModule> {
  return startVirtual('virtual:EC200U-CN', { folder: join(folder, 'module') });
}

const LAB: BenchModule = {
  name: 'lab',
  usb: '1-1',
  rpc: 'nmea',
  labels: [],
  budgets: { resetsAnHour: 10, attachesAnHour: 30, bootS: 10 },
};

/** As the inventory has it, seen in the virtual module's own picture of the USB. */
async function start(expected: Partial<BenchModule> = {}): Promise<StartedGroup> {
  const roots = { sys: join(folder, 'module', 'sys'), dev: join(folder, 'module', 'dev') };
  const spec = { kind: 'bench', text: 'lab', module: { ...LAB, ...expected }, roots } as const;
  return await StartedGroup.start({ name: 'lab', specs: [spec] }, request, { folder, onNote: () => undefined });
}

test(
  'a run holds the lock of its module until it is over',
  async () => {
    await using _ = await plugIn();
    const group = await start();
    const during = await lockStatus('1-1');

    await group[Symbol.asyncDispose]();

    expect(during).toMatchObject({ isHeld: true, holder: { why: 'qlhil run nightly', isHold: false } });
    expect(await lockStatus('1-1')).toMatchObject({ isHeld: false });
  },
  BUDGET_MS,
);

test('a module that somebody else holds is not touched', async () => {
  await using _ = await ModuleLock.take('1-1', { why: 'by hand' });

  await expect(start()).rejects.toMatchObject({ code: 'MODULE_LOCKED' });
});

test(
  'another module than the inventory says is refused before anything runs, and its lock is free again',
  async () => {
    await using _ = await plugIn();

    await expect(start({ imei: '861234567890123' })).rejects.toMatchObject({ code: 'CONFIGURATION' });
    await expect(start({ sku: 'EC600U-CN' })).rejects.toMatchObject({
      message: expect.stringContaining('SKU EC200U-CN instead of EC600U-CN'),
    });
    expect(await lockStatus('1-1')).toMatchObject({ isHeld: false });
  },
  BUDGET_MS,
);

test(
  'what the inventory says of the broker comes before what was said for all modules',
  async () => {
    await using _ = await plugIn();
    await using group = await start({ broker: { host: 'mqtt.lab.example', listen: '0.0.0.0' } });

    expect(group.lanes).toMatchObject([{ brokerHost: 'mqtt.lab.example', listenAddress: '0.0.0.0', sku: 'EC200U-CN' }]);
  },
  BUDGET_MS,
);
