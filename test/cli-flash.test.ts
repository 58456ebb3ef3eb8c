import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { samplePac } from '../harness/flash/sim/sample-pac.ts';
import { qlhil } from './support/qlhil.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const BUDGET_MS = 60_000;
const REVISION = 'EC200UCNAAR03A09M08_OCPU_QLHIL';
const KEPT = 'virtual:EC200U-CN?folder=vm';
const sample = samplePac({ revision: REVISION, files: [{ name: 'user/a.txt', bytes: Buffer.from('hello') }] });

let folder = new TemporaryFolder();
beforeAll(async () => {
  await buildFirmware('r03');
}, 600_000);
beforeEach(() => {
  folder = new TemporaryFolder();
  writeFileSync(join(folder.path, 'app.pac'), sample.pac);
});
afterEach(() => folder[Symbol.dispose]());

const run = (...words: readonly string[]) => {
  const env = {
    QLHIL_LOCK_DIR: join(folder.path, 'locks'),
    QLHIL_STATE_DIR: join(folder.path, 'state'),
  };
  return qlhil(words, { cwd: folder.path, env });
};

test(
  'a virtual module that is flashed keeps what was written, and the next run tests that revision',
  async () => {
    const flash = await run('flash', 'app.pac', '--module', KEPT, '--expect-revision', REVISION, '--json');
    const next = await run('run', '--module', KEPT, '--grep', '^publish/qos1@mqtt$', '--json');

    expect([flash.exitCode, next.exitCode]).toEqual([0, 0]);
    expect(JSON.parse(flash.stdout)).toMatchObject({
      ok: true,
      sku: { sku: 'EC200U-CN', source: '--module' },
      after: { revision: REVISION },
      written: [{ id: 'HOST_FDL' }, { id: 'FDL2' }, { id: 'APPIMG' }, { id: 'PREPACK' }],
    });
    expect(JSON.parse(next.stdout)).toMatchObject({ module: { sku: 'EC200U-CN', revision: REVISION } });
    const flashed = readFileSync(join(folder.path, 'vm', 'state', 'flash.bin'));
    expect(flashed.subarray(0x25_0000, 0x25_0000 + sample.app.length).equals(sample.app)).toBe(true);
    expect(readFileSync(join(folder.path, 'vm', 'state', 'prepack', 'user', 'a.txt'), 'utf8')).toBe('hello');
  },
  BUDGET_MS,
);

test('a dry run shows the plan and starts nothing', async () => {
  const { exitCode, stdout } = await run('flash', 'app.pac', '--module', KEPT, '--dry-run');

  expect(exitCode).toBe(0);
  expect(stdout).toMatch(/write +APPIMG +0x60250000 +146\.7 KiB of 1152\.0 KiB \(application\)/u);
  expect(stdout).toMatch(/dry run: nothing was sent to a module\n$/u);
  expect(() => readFileSync(join(folder.path, 'vm', 'state', 'flash.bin'))).toThrow('ENOENT');
});

test.each([
  [
    ['app.pac', '--sku', 'EC200U-CN', '--module', '1-9'],
    3,
    /FLASH_NO_DEVICE: no module is at 1-9\n {2}.*qlhil doctor/u,
  ],
  [['app.pac', '--dry-run'], 2, /FLASH_SKU_UNKNOWN: app\.pac does not tell for which SKU it is; say it with --sku/u],
  [['gone.pac', '--sku', 'EC200U-CN'], 2, /CONFIGURATION: cannot read gone\.pac/u],
  [['torn.pac', '--sku', 'EC200U-CN'], 2, /FLASH_PAC_INVALID: /u],
  [['app.pac', '--module', 'tcp:lab:4000'], 2, /a module is flashed over USB/u],
  [['app.pac', '--driver-command', 'tool {pac}'], 2, /--driver-command needs --driver-success/u],
])('%j ends with %i and says why', async (words, code, message) => {
  writeFileSync(join(folder.path, 'torn.pac'), sample.pac.subarray(0, 100_000));

  const { exitCode, stdout, stderr } = await run('flash', ...words);

  expect(exitCode).toBe(code);
  expect(stdout + stderr).toMatch(message);
});

test(
  'a module that comes back as another one than the PAC was said to be for has failed',
  async () => {
    const { exitCode, stdout } = await run('flash', 'app.pac', '--module', 'virtual:EG500U-CN?folder=other');

    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/FLASH_IDENTITY_CHANGED: SKU: EG500U-CN was expected and EC200UCN\S+ came back/u);
  },
  BUDGET_MS,
);
