import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { systemClock } from '../../clock.ts';
import { flash } from '../flash.ts';
import type { FlashReport } from '../flash-options.ts';
import type { FlashProgress } from '../flash-progress.ts';
import { buildUImage } from '../image/u-image.ts';
import { buildPlannedPac } from '../pac/build-app-pac.ts';
import type { FlashAllowance } from '../plan/flash-plan.ts';
import { SimulatedBench } from '../sim/simulated-bench.ts';
import type { SimulatedModule } from '../sim/simulated-module.ts';
import { QDLOADER_GRAMMAR } from './tool-grammar.ts';

const IDENTITY = { model: 'EC200U', revision: 'EC200UCNAAR03A09M08', imei: '861234567890123' };
const corePac = buildPlannedPac('core', [
  {
    id: 'HOST_FDL',
    type: 'HOST_FDL',
    address: 0x80_00c0,
    roomBytes: 0xff40,
    bytes: buildUImage(Buffer.alloc(40), { load: 0, name: 'a' }),
  },
  {
    id: 'FDL2',
    type: 'FDL2',
    address: 0x81_0000,
    roomBytes: 0x3_0000,
    bytes: buildUImage(Buffer.alloc(60), { load: 0, name: 'b' }),
  },
  { id: 'AP', type: 'CODE', address: 0x6001_0000, roomBytes: 0x24_0000, bytes: Buffer.alloc(1000) },
]);

let folder: string;
let bench: SimulatedBench;
let module: SimulatedModule;
let progress: FlashProgress[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-ext-'));
  bench = new SimulatedBench();
  module = bench.plug({ identity: IDENTITY });
  progress = [];
  writeFileSync(join(folder, 'EC200U-CN.pac'), corePac);
});

afterEach(() => rmSync(folder, { recursive: true }));

async function run(script: string, allow: readonly FlashAllowance[]): Promise<FlashReport> {
  writeFileSync(join(folder, 'tool.sh'), script);
  return await flash(
    {
      pacPath: join(folder, 'EC200U-CN.pac'),
      knownSkus: ['EC200U-CN'],
      journalFolder: folder,
      allow,
      driver: {
        kind: 'external',
        name: 'QDloader',
        command: ['/bin/sh', join(folder, 'tool.sh'), '{pac}'],
        grammar: QDLOADER_GRAMMAR,
        overallMs: 20_000,
        silenceMs: 20_000,
      },
    },
    {
      host: bench,
      clock: systemClock,
      onNotice: () => undefined,
      onProgress: (now) => {
        progress.push(now);
        // What the tool's reset does to the module.
        if (now.stage === 'boot') module.powerCycle();
      },
    },
  );
}

test('a core PAC goes through the vendor’s tool when it is allowed, and the module that comes back is checked', async () => {
  const script = 'for id in HOST_FDL FDL2 AP; do echo "Flash    $id"; done; echo "Upgrade module successfully"';

  const report = await run(script, ['core']);

  expect(report).toMatchObject({
    ok: true,
    driver: 'QDloader',
    before: { ...IDENTITY, imei: '…0123' },
    after: { ...IDENTITY, imei: '…0123' },
  });
  expect(report.written.map(({ id, bytes }) => [id, bytes])).toEqual([
    ['HOST_FDL', 104],
    ['FDL2', 124],
    ['AP', 1000],
  ]);
  expect(progress.at(-1)).toMatchObject({ doneBytes: 1228, totalBytes: 1228 });
});

test('without the allowance the tool is not even started', async () => {
  const report = await run('exit 99', []);

  expect(report).toMatchObject({
    exitCode: 2,
    error: { code: 'FLASH_POLICY', left: 'untouched', data: { option: '--allow core' } },
  });
});

test('a tool that fails leaves the module in an unknown state and says so', async () => {
  const report = await run('echo "failed: BSL_CMD_START_DATA"; exit 255', ['core']);

  expect(report).toMatchObject({ exitCode: 3, error: { code: 'FLASH_TOOL_FAILED', left: 'unknown' } });
  expect(report.error?.advice).toContain('power-cycle with the USB_BOOT strap');
});
