import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isFailure } from '../../errors.ts';
import { runTool } from './run-tool.ts';
import { cyclePower } from './switch-power.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A supply that writes down what it was told. */
function supply(off = '') {
  const log = join(folder, 'log');
  const say = (word: string, then = '') => ['sh', '-c', `echo "$1" >> "$0"; ${then}`, log, word];
  return { log, power: { on: say('on'), off: say('off', off), offMs: 0 } };
}

test('a power cycle takes the supply away and gives it back', async () => {
  const { log, power } = supply();

  await cyclePower(power);

  expect(readFileSync(log, 'utf8')).toBe('off\non\n');
});

test('a supply that fails to go off is switched on all the same, and the error tells what the command printed', async () => {
  const { log, power } = supply('echo no such hub >&2; exit 5');

  const failure: unknown = await cyclePower(power).catch((thrown: unknown) => thrown);

  expect(isFailure(failure, 'CHILD_FAILED') && failure.message).toMatch(/ended with exit 5, saying: no such hub$/u);
  expect(isFailure(failure, 'CHILD_FAILED') && failure.data.exitCode).toBe(5);
  expect(readFileSync(log, 'utf8')).toBe('off\non\n');
});

test('no shell reads the words of a command', async () => {
  await runTool(['touch', join(folder, '$(echo x); rm -rf *')], 10_000);

  expect(existsSync(join(folder, '$(echo x); rm -rf *'))).toBe(true);
});

test('a command that hangs is killed with what it started when its budget is over', async () => {
  const failure: unknown = await runTool(['sh', '-c', 'sleep 1000 & echo $!; wait'], 300).catch(
    (thrown: unknown) => thrown,
  );

  const [, pid = ''] =
    (isFailure(failure, 'CHILD_FAILED') && /within 300 ms, saying: (\d+)$/u.exec(failure.message)) || [];
  expect(Number(pid)).toBeGreaterThan(1);
  await gone(Number(pid));
});

test('a command that is not there is named', async () => {
  await expect(runTool(['/no/such/relay', 'on'], 1_000)).rejects.toMatchObject({
    code: 'CHILD_FAILED',
    message: expect.stringMatching(/^\/no\/such\/relay on: .*ENOENT/u),
  });
});

/** Its end is nobody's to await: it is no child of ours. */
async function gone(pid: number): Promise<void> {
  while (isRunning(pid)) await new Promise((resolve) => setTimeout(resolve, 10));
}

function isRunning(pid: number): boolean {
  try {
    return !/^State:\s*Z/mu.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}
