import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { atMost, type Measure } from './measure.ts';

/* What a run holds in memory at its peak: the command line, the worker, and how both grow with the number of scenario files. */
const DIST = join(import.meta.dirname, '..', 'dist');
const FEW_FILES = 30;
const MANY_FILES = 60;
const LOOK_EVERY_MS = 50;

interface Peaks {
  readonly cliMb: number;
  /** The largest of Jest's processes. */
  readonly workerMb: number;
  readonly allMb: number;
}

export async function* measures(): AsyncGenerator<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'qlhil-memory-'));
  try {
    const few = await peaksOfRun(folder, FEW_FILES);
    const many = await peaksOfRun(folder, MANY_FILES);
    yield atMost({ name: 'memory of the command line', value: many.cliMb, unit: 'MB', bar: 150 });
    yield atMost({ name: 'memory of a worker', value: many.workerMb, unit: 'MB', bar: 600 });
    const name = `growth of memory from ${FEW_FILES} to ${MANY_FILES} scenario files`;
    yield atMost({ name, value: many.allMb - few.allMb, unit: 'MB', bar: 50 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function peaksOfRun(folder: string, files: number): Promise<Peaks> {
  const own = join(folder, String(files));
  mkdirSync(own);
  const paths = Array.from({ length: files }, (_, index) => writeScenario(own, index));
  const words = [join(DIST, 'bin', 'qlhil.js'), 'run', ...paths, '--module', 'virtual', '--out', join(own, 'out')];
  const child = spawn(process.execPath, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const peaks = new Map<number, number>();
  const look = setInterval(() => {
    for (const pid of nodesUnder(child.pid ?? 0)) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakOf(pid)));
  }, LOOK_EVERY_MS);
  const exitCode = await new Promise((resolve) => {
    child.once('close', resolve);
  });
  clearInterval(look);
  if (exitCode !== 0) throw new Error(`the run of ${files} files ended with exit code ${String(exitCode)}`);
  const cliMb = peaks.get(child.pid ?? 0) ?? 0;
  peaks.delete(child.pid ?? 0);
  const workerMb = Math.max(...peaks.values());
  return { cliMb, workerMb, allMb: cliMb + workerMb };
}

function writeScenario(folder: string, index: number): string {
  const path = join(folder, `file-${index}.scenario.ts`);
  const urlOf = (...parts: string[]) => pathToFileURL(join(DIST, ...parts)).href;
  const imports = [
    `import { scenario, type Rig } from '${urlOf('harness', 'run', 'scenario.js')}';`,
    `import { connectedClient } from '${urlOf('scenarios', 'support', 'connected-client.js')}';`,
  ];
  writeFileSync(
    path,
    `${imports.join('\n')}
    scenario({
      id: 'memory/${index}',
      title: 'a session is opened and a message published',
      clauses: [],
      async run(rig: Rig): Promise<void> {
        const client = await connectedClient(rig);
        await client.publish({ topic: 'memory', payload: 'x', qos: 1 });
      },
    });`,
  );
  return path;
}

/** A process and all below it that run Node. */
function nodesUnder(pid: number): readonly number[] {
  const children = textOf(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number);
  const all = [pid, ...children.flatMap((child) => nodesUnder(child))];
  return all.filter((one) => textOf(`/proc/${one}/comm`).startsWith('node') || one === pid);
}

/** The most that it has held, MB. */
function peakOf(pid: number): number {
  return Number(/^VmHWM:\s+(\d+) kB$/mu.exec(textOf(`/proc/${pid}/status`))?.[1] ?? 0) / 1024;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended meanwhile
  }
}
