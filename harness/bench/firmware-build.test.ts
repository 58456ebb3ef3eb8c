import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { TemporaryFolder } from '../../test/support/temporary-folder.ts';
import { buildFirmware } from './firmware-build.ts';

afterEach(() => {
  delete process.env['QLHIL_FIRMWARE'];
});

test('another build of the firmware is used as it is, by generation', async () => {
  using folder = new TemporaryFolder();
  const binary = join(folder.path, 'r03', 'qlhil-vmodule');
  mkdirSync(join(folder.path, 'r03'));
  writeFileSync(binary, '');
  process.env['QLHIL_FIRMWARE'] = folder.path;

  expect(await buildFirmware('r03')).toBe(binary);
});

test('a folder without that build is refused, not built', async () => {
  using folder = new TemporaryFolder();
  process.env['QLHIL_FIRMWARE'] = folder.path;

  await expect(buildFirmware('manual')).rejects.toMatchObject({ code: 'CONFIGURATION' });
});
