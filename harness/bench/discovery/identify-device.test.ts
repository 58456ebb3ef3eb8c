import { type ChildProcess, spawn } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { buildFirmware } from '../firmware-build.ts';
import { readInventory } from '../inventory/inventory.ts';
import { benchHost } from './bench-host.ts';
import { inventoryEntry } from './describe-device.ts';
import { discoverDevices } from './discover-devices.ts';
import { identifyDevice } from './identify-device.ts';
import { type DeviceChange, watchDevices } from './watch-devices.ts';

const BUDGET_MS = 30_000;
let binary = '';
let folder = '';
let supervisor: ChildProcess | undefined;
const before = process.env['QLHIL_LOCK_DIR'];
beforeAll(async () => {
  binary = await buildFirmware('r03');
}, 600_000);
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
  process.env['QLHIL_LOCK_DIR'] = join(folder, 'locks');
  const words = ['--dir', folder, '--sku', 'EC600U-LA', '--imei', '861234567890123'];
  supervisor = spawn(binary, words, { stdio: ['pipe', 'pipe', 'inherit'] });
  await told('"plugged"');
});
afterEach(async () => {
  supervisor?.stdin?.end();
  if (supervisor !== undefined) await once(supervisor, 'close');
  rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
});
afterAll(() => {
  if (before === undefined) delete process.env['QLHIL_LOCK_DIR'];
  else process.env['QLHIL_LOCK_DIR'] = before;
});

/** Resolves when the supervisor has said so. */
function told(text: string): Promise<void> {
  return new Promise((resolve) => {
    const listen = (chunk: Buffer) => {
      if (!chunk.toString().includes(text)) return;
      supervisor?.stdout?.off('data', listen);
      resolve();
    };
    supervisor?.stdout?.on('data', listen);
  });
}

async function identify() {
  const host = benchHost('a test', folder);
  const [device] = await discoverDevices(host.source);
  if (device === undefined) throw new Error('nothing is plugged in');
  return await identifyDevice(device, host);
}

test(
  'a module says who it is, fit to be pasted into an inventory',
  async () => {
    const device = await identify();

    expect(device.identity).toMatchObject({ sku: 'EC600U-LA', firmware: 'ocpu', imei: '861234567890123' });
    const entry = inventoryEntry(device) ?? '';
    expect(entry).toBe(
      '- name: ec600u-la-0123\n  usb: "1-1"\n  imei: "861234567890123"\n  sku: EC600U-LA\n' +
        '  # broker: { host: <this machine as the module sees it>, listen: 0.0.0.0 }\n',
    );
    writeFileSync(join(folder, 'bench.yaml'), `modules:\n${entry}`);
    expect(readInventory(join(folder, 'bench.yaml'))).toMatchObject([{ usb: '1-1', imei: '861234567890123' }]);
  },
  BUDGET_MS,
);

test(
  'a module that somebody holds is left alone',
  async () => {
    const other = benchHost('nightly run', folder);
    await using _ = await other.lock('1-1');

    const device = await identify();

    expect(device.identity).toBeUndefined();
    expect(device.trouble).toMatch(/is locked by .*: nightly run$/u);
  },
  BUDGET_MS,
);

test(
  'who watches sees a module go, and come back under other TTYs',
  async () => {
    const end = new AbortController();
    const changes: DeviceChange[] = [];
    for await (const change of watchDevices(benchHost('a test', folder), end.signal)) {
      changes.push(change);
      if (changes.length === 1) supervisor?.stdin?.write('unplug\n');
      if (changes.length === 2) supervisor?.stdin?.write('plug\n');
      if (changes.length === 3) break;
    }
    const listeners = getEventListeners(end.signal, 'abort').length;

    expect(listeners).toBe(0);
    expect(changes.map(({ change }) => change)).toEqual(['plugged', 'unplugged', 'plugged']);
    expect(changes.map(({ device }) => device.identity?.sku)).toEqual(['EC600U-LA', 'EC600U-LA', 'EC600U-LA']);
    expect(changes[2]?.device.ports.at).not.toBe(changes[0]?.device.ports.at);
  },
  BUDGET_MS,
);
