import { mkdirSync, mkdtempSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type BenchHost, benchHost } from '../discovery/bench-host.ts';
import { plugFixture } from '../discovery/plug-fixture.ts';
import { buildFirmware } from '../firmware-build.ts';
import { parseModuleSpec } from '../module-spec.ts';
import { readSkus } from '../sku.ts';
import { readVirtualCatalogue } from '../virtual-catalogue.ts';
import { VirtualModule } from '../virtual-module.ts';
import { CHECKS, type CheckResult, examine } from './examine.ts';
import type { VisitOptions } from './visit.ts';

const BUDGET_MS = 60_000;
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

const home = () => join(folder, 'module');

async function plugIn(query = ''): Promise<VirtualModule> {
  const spec = parseModuleSpec(`virtual:EC200U-CN${query}`, { ...readVirtualCatalogue(), skus: readSkus() });
  if (spec.kind !== 'virtual') throw new TypeError('it is not virtual');
  return await VirtualModule.start({ spec, binary, folder: home(), seed: 7, copy: 1 });
}

function visit(change: Partial<VisitOptions> = {}): Promise<readonly CheckResult[]> {
  const options = { host: benchHost('qlhil doctor', home()), folder, nowMs: () => Date.now(), ...change };
  return examine(options, () => undefined);
}

const bad = (results: readonly CheckResult[]) => results.filter(({ state }) => state === 'bad');

test(
  'a bench on which all is well has nothing to mend',
  async () => {
    await using _ = await plugIn();

    const results = await visit();

    expect(bad(results)).toEqual([]);
    expect(results.map(({ check, state }) => [check, state])).toEqual(CHECKS.map(({ id }) => [id, 'good']));
  },
  BUDGET_MS,
);

test.each([
  ['sim', 'set sim absent', 'SIM not inserted'],
  ['registration', 'set registration denied', 'denied'],
  ['signal', 'set csq 3', '-107 dBm'],
  ['signal', 'set csq 99', 'unknown'],
  ['clock', 'set clock.offset_s -86400', "the module's clock minus ours is -8"],
  ['data-call', 'set datacall refused', 'NETWORK_FAILED'],
  ['firmware', 'set revision LC76GABNR01A01', 'SKU unknown'],
])(
  'exactly %s is red after "%s"',
  async (check, line, saw) => {
    await using module = await plugIn();
    await module.control(line);

    expect(bad(await visit())).toEqual([
      { check, state: 'bad', saw: expect.stringContaining(saw), mend: expect.stringMatching(/.{10}/u) },
    ]);
  },
  BUDGET_MS,
);

test(
  'exactly the lock is red while somebody else has the module',
  async () => {
    await using _ = await plugIn();
    await using other = await benchHost('nightly run', home()).lock('1-1');

    expect(bad(await visit())).toMatchObject([{ check: 'lock', saw: expect.stringContaining('nightly run') }]);
    expect(other).toBeDefined();
  },
  BUDGET_MS,
);

test(
  'exactly the rights are red when a port can not be opened',
  async () => {
    await using _ = await plugIn();
    rmSync(join(home(), 'dev', 'ttyUSB3'));

    expect(bad(await visit())).toMatchObject([{ check: 'rights', saw: expect.stringContaining('ttyUSB3') }]);
  },
  BUDGET_MS,
);

test.each([
  ['at', 'ttyUSB0', 'did not answer AT'],
  ['shim', 'ttyUSB3', 'hello'],
])(
  'exactly %s is red when its port is silent',
  async (check, tty, saw) => {
    await using _ = await plugIn();
    const dev = join(home(), 'dev');
    rmSync(join(dev, tty));
    symlinkSync(readlinkSync(join(dev, 'ttyUSB1')), join(dev, tty)); // the diagnostic port says nothing

    expect(bad(await visit())).toMatchObject([{ check, saw: expect.stringContaining(saw) }]);
  },
  BUDGET_MS,
);

test(
  'exactly autosuspend is red where the kernel may put the module to sleep',
  async () => {
    await using _ = await plugIn();
    const power = join(home(), 'sys/bus/usb/devices/1-1/power');
    mkdirSync(power);
    writeFileSync(join(power, 'control'), 'auto\n');

    expect(bad(await visit())).toMatchObject([{ check: 'autosuspend' }]);
  },
  BUDGET_MS,
);

test(
  'exactly ModemManager is red where it runs without a rule',
  async () => {
    await using _ = await plugIn();
    const host: BenchHost = { ...benchHost('qlhil doctor', home()), findContenders: async () => ['ModemManager'] };

    expect(bad(await visit({ host }))).toMatchObject([{ check: 'modem-manager' }]);
  },
  BUDGET_MS,
);

test(
  'exactly the disk is red where records can not be written',
  async () => {
    await using _ = await plugIn();

    expect(bad(await visit({ folder: join(folder, 'none') }))).toMatchObject([{ check: 'disk' }]);
  },
  BUDGET_MS,
);

test.each([
  ['usb', 'asr-sibling', 'ASR sibling'],
  ['usb', 'download-beside-gadget', 'download mode'],
  ['usb', 'two-behind-a-hub', '2 modules: 1-1.3, 1-1.10'],
  ['ports', 'no-option-driver', 'no driver'],
])('exactly %s is red with %s plugged in', async (check, fixture, saw) => {
  plugFixture(fixture, home());

  expect(bad(await visit())).toMatchObject([{ check, saw: expect.stringContaining(saw) }]);
});
