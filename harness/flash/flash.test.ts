import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { systemClock } from '../clock.ts';
import { flash } from './flash.ts';
import type { FlashOptions, FlashReport } from './flash-options.ts';
import type { FlashProgress } from './flash-progress.ts';
import { samplePac } from './sim/sample-pac.ts';
import { SimulatedBench } from './sim/simulated-bench.ts';
import type { SimulatedModule } from './sim/simulated-module.ts';

const OLD = { model: 'EG500U', revision: 'EG500UCNABR02A01M08_OCPU', imei: '861234567890123' };
const REVISION = 'EG500UCNABR02A02M08_OCPU';
const sample = samplePac({ revision: REVISION, files: [{ name: 'user/greeting.txt', bytes: Buffer.from('hello') }] });

let folder: string;
let bench: SimulatedBench;
let notices: string[];
let progress: FlashProgress[];

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'] });
  folder = mkdtempSync(join(tmpdir(), 'qlhil-flash-'));
  bench = new SimulatedBench();
  notices = [];
  progress = [];
  writeFileSync(join(folder, 'EG500U-CN_app.pac'), sample.pac);
});

afterEach(() => {
  jest.useRealTimers();
  rmSync(folder, { recursive: true });
});

async function run(options: Partial<FlashOptions> = {}): Promise<FlashReport> {
  const ended = flash(
    {
      pacPath: join(folder, 'EG500U-CN_app.pac'),
      knownSkus: ['EG500U-CN', 'EC200U-CN'],
      journalFolder: join(folder, 'journal'),
      ...options,
    },
    { host: bench, clock: systemClock, onProgress: (p) => progress.push(p), onNotice: (line) => notices.push(line) },
  );
  await jest.runAllTimersAsync();
  return await ended;
}

function appIn(module: SimulatedModule): Buffer {
  return module.storage.memory.bytes.subarray(0x25_0000, 0x25_0000 + sample.app.length);
}

test('an application PAC ends up in flash byte for byte, its files on the file system, and the module comes back with its revision', async () => {
  const module = bench.plug({ identity: OLD });

  const report = await run({ expectRevision: REVISION });

  expect(report.error).toBeUndefined();
  expect(report).toMatchObject({
    ok: true,
    exitCode: 0,
    before: { ...OLD, imei: '…0123' },
    after: { ...OLD, imei: '…0123', revision: REVISION },
    loaderVersion: 'Spreadtrum Boot Block version 1.2',
  });
  expect(appIn(module).equals(sample.app)).toBe(true);
  expect(module.storage.files.get('/user/greeting.txt')?.toString()).toBe('hello');
});

test('progress rises to the total and tells rate and remaining time', async () => {
  bench.plug({ identity: OLD, timing: { eraseMsPer64K: 50, programBytesPerMs: 100 } });

  await run();

  const done = progress.map(({ doneBytes }) => doneBytes);
  expect(done).toEqual(done.toSorted((a, b) => a - b));
  expect(done.at(-1)).toBe(progress.at(-1)?.totalBytes);
  expect(progress.some(({ bytesPerS = 0, etaS = 0 }) => bytesPerS > 0 && etaS > 0)).toBe(true);
});

test('a dry run shows where everything goes and touches nothing', async () => {
  const report = await run({ dryRun: true });

  expect(report).toMatchObject({ ok: true, dryRun: true, exitCode: 0, sku: { sku: 'EG500U-CN', source: 'file name' } });
  expect(notices).toContainEqual(
    expect.stringMatching(/write +APPIMG +0x60250000 +146\.\d KiB of 1152\.0 KiB \(application\)/u),
  );
});

test('slow flash with a full ring, late answers and answers cut at random make no difference', async () => {
  const module = bench.plug({
    identity: OLD,
    timing: { eraseMsPer64K: 300, programBytesPerMs: 20 },
    device: { splitSeed: 7 },
    faults: [
      { kind: 'rom-busy', connects: 3 },
      { kind: 'version-late', delayMs: 2500 },
      { kind: 'reply', stage: 'fdl2', command: 'MIDST_DATA', nth: 3, how: { act: 'delay', delayMs: 0.9 * 15_000 } },
      { kind: 'reply', stage: 'fdl1', command: 'MIDST_DATA', nth: 2, how: { act: 'log-first', text: 'half way' } },
    ],
  });

  const report = await run();

  expect(report.error).toBeUndefined();
  expect(appIn(module).equals(sample.app)).toBe(true);
  expect(notices).toContain('loader: half way');
});

test.each([
  ['an ACK that is lost', 'fdl2', 'no answer to MIDST_DATA', { act: 'lose' }],
  ['an ACK that is lost in the first loader', 'fdl1', 'no answer to MIDST_DATA', { act: 'lose' }],
] as const)('%s costs one repetition of the file and nothing else', async (_, stage, reason, how) => {
  const module = bench.plug({ identity: OLD, faults: [{ kind: 'reply', stage, command: 'MIDST_DATA', nth: 5, how }] });

  const report = await run();

  expect(report.error).toBeUndefined();
  expect(notices.filter((line) => line.includes('written once more'))).toEqual([expect.stringContaining(reason)]);
  expect(appIn(module).equals(sample.app)).toBe(true);
  expect(progress.at(-1)?.doneBytes).toBe(progress.at(-1)?.totalBytes);
});

test('a comparison that fails once is repaired by writing the file again', async () => {
  const module = bench.plug({ identity: OLD, faults: [{ kind: 'bit-flip', times: 1 }] });

  const report = await run();

  expect(report.ok).toBe(true);
  expect(notices).toContainEqual(
    expect.stringContaining('APPIMG is written once more: the loader answered END_DATA with VERIFY_ERROR'),
  );
  expect(appIn(module).equals(sample.app)).toBe(true);
});
