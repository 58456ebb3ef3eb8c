import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { MARK_VARIABLE, markedProcesses } from '../../test/support/marked-processes.ts';
import { spawnBound } from './spawn-bound.ts';

const BUDGET_MS = 20_000;
const LOADER = join(import.meta.dirname, '..', '..', 'bench', 'typescript.mjs');
const MODULE = join(import.meta.dirname, 'spawn-bound.ts');

test('the exit code and what was printed come through', async () => {
  const child = spawnBound('/bin/sh', ['-c', 'echo out; echo error >&2; exit 7'], BUDGET_MS);
  const printed: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => printed.push(String(chunk)));

  expect(await once(child, 'close')).toEqual([7, null]);
  expect(printed.toSorted()).toEqual(['error\n', 'out\n']);
});

test('the whole command ends with the process that started it, killed as it may be', async () => {
  const mark = `bound-${process.pid}`;
  const program = `import { spawnBound } from '${MODULE}';
    spawnBound('/bin/sh', ['-c', 'sleep 600 & echo on; wait'], ${BUDGET_MS}).stdout.pipe(process.stdout);`;
  const starter = spawn(process.execPath, ['--import', LOADER, '--input-type=module', '-e', program], {
    env: { ...process.env, [MARK_VARIABLE]: mark },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  await once(starter.stdout, 'data');

  const before = markedProcesses(mark).map(({ command }) => command);
  starter.kill('SIGKILL');
  await once(starter, 'close');
  while (markedProcesses(mark).length > 0)
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });

  expect(before).toContain('sleep 600');
});
