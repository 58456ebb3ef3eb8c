import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { plugFixture } from '../discovery/plug-fixture.ts';
import { moduleKey } from './module-key.ts';
import { lockStatus, ModuleLock } from './module-lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const take = (key: string, why = 'a test') => ModuleLock.take(key, { why }, folder);

test('a module that is held is refused, saying who holds it, why, and since when', async () => {
  await using _ = await take('1-1.3', 'nightly run');

  await expect(take('1-1.3')).rejects.toMatchObject({
    code: 'MODULE_LOCKED',
    message: expect.stringMatching(/^1-1\.3 is locked by .+ \(process \d+\) since 20\S+Z: nightly run$/u),
    data: { holder: { pid: process.pid } },
  });
});

test('another module is free while one is held', async () => {
  await using _ = await take('1-1.3');
  await using other = await take('tcp:lab:4000');

  expect(other).toBeDefined();
});

test('a lock given back is free', async () => {
  const lock = await take('1-1.3');
  await lock[Symbol.asyncDispose]();

  expect(await lockStatus('1-1.3', folder)).toEqual({ isHeld: false, holder: undefined });
});

test('a holder that is killed with SIGKILL leaves the lock free, whatever its file says', async () => {
  const path = join(folder, '1-1.3.lock');
  writeFileSync(path, '');
  const script = `echo held; exec cat`;
  const holder = spawn('flock', ['--no-fork', path, 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'inherit'] });
  await once(holder.stdout, 'data');
  const whileHeld = await lockStatus('1-1.3', folder);

  holder.kill('SIGKILL');
  await once(holder, 'exit');

  expect(whileHeld.isHeld).toBe(true);
  expect(await lockStatus('1-1.3', folder)).toEqual({ isHeld: false, holder: undefined });
});

test('of many that want it at once, one has it', async () => {
  const attempts = await Promise.allSettled(Array.from({ length: 6 }, () => take('1-1.3')));

  const locks = attempts.flatMap((attempt) => (attempt.status === 'fulfilled' ? [attempt.value] : []));
  expect(locks).toHaveLength(1);
  await locks[0]?.[Symbol.asyncDispose]();
});

test('all ports of a module, and links to them, lock the module', async () => {
  const roots = { ...plugFixture('two-behind-a-hub', folder), dev: join(folder, 'dev') };
  const tty = (number: number) => join(roots.dev, `ttyUSB${number}`);
  const link = join(folder, 'by-path');
  mkdirSync(roots.dev);
  writeFileSync(tty(7), '');
  symlinkSync(tty(7), link);

  const keys = await Promise.all([link, tty(7), tty(13), tty(0)].map((port) => moduleKey(port, roots)));

  expect(keys).toEqual(['1-1.3', '1-1.3', '1-1.3', '1-1.10']);
});

test('what is on no USB path is locked by its name', async () => {
  expect(await moduleKey('tcp:lab:4000')).toBe('tcp:lab:4000');
  expect(await moduleKey('/dev/ttyDoesNotExist')).toBe('/dev/ttyDoesNotExist');
});
