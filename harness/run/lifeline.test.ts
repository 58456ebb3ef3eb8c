import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { Lifeline } from './lifeline.ts';

const client = join(import.meta.dirname, '..', '..', 'dist', 'harness', 'run', 'lifeline-client.js');
/** Says when it holds the lifeline, and when it is told to finish; would run for a minute. */
const HOLDER = `
  const { finishRequested, holdLifeline } = await import(${JSON.stringify(client)});
  finishRequested.addEventListener('abort', () => console.log('finish'));
  holdLifeline();
  setTimeout(() => undefined, 60_000);
  console.log('holds');
`;

let folder = '';
let path = '';
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
  path = join(folder, 'lifeline');
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true });
});

interface Holder {
  readonly ended: Promise<NodeJS.Signals | null>;
  said(word: string): Promise<void>;
}

function hold(): Holder {
  const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDER], {
    env: { ...process.env, QLHIL_LIFELINE: path },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  return {
    ended: once(child, 'close').then(() => child.signalCode),
    said: async (word) => {
      while (!output.includes(word)) await once(child.stdout, 'data');
    },
  };
}

test('who holds the lifeline is told to finish, also if it comes late', async () => {
  await using lifeline = await Lifeline.open(path);
  const early = hold();
  await early.said('holds');

  lifeline.finish();
  const late = hold();

  await expect(Promise.all([early.said('finish'), late.said('finish')])).resolves.toBeDefined();
});

test('who holds the lifeline ends with it', async () => {
  const lifeline = await Lifeline.open(path);
  const holders = [hold(), hold()];
  for (const holder of holders) await holder.said('holds');

  await lifeline[Symbol.asyncDispose]();

  expect(await Promise.all(holders.map(({ ended }) => ended))).toEqual(['SIGKILL', 'SIGKILL']);
});

test('without anybody at the other end nothing starts', async () => {
  expect(await hold().ended).toBe('SIGKILL');
});
