import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { atLeast, atMost, type Measure, median } from './measure.ts';
import { runSuite } from './run-suite.ts';

/*
 * What a run costs: the whole suite on one virtual module, what of a scenario is not waiting, and what more modules bring.
 */
const FILES = 8;
const WAITS = 10;
const WAIT_MS = 1000;
const MODULES = 4;

/** One after the other, since each takes the whole machine; a few minutes. */
export async function* measures(): AsyncGenerator<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'qlhil-bench-suite-'));
  try {
    yield* suite(folder);
    yield* waiting(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function* suite(folder: string): AsyncGenerator<Measure> {
  const one = await runSuite(['--module', 'virtual', '--seed', '1'], join(folder, 'one'));
  passed(one.exitCode);
  yield atMost({ name: 'whole suite on one virtual module', value: one.tookMs / 1000, unit: 's', bar: 60 });
  const own = one.record.outcomes.map(({ durationMs, waitedMs }) => Math.max(0, durationMs - waitedMs));
  const name = 'time of a scenario outside of recorded waits, median';
  yield atMost({ name, value: median(own), unit: 'ms', bar: 150 });
  const four = await runSuite(['--module', `virtual*${MODULES}`, '--seed', '1'], join(folder, 'four'));
  passed(four.exitCode);
  yield atLeast({
    name: `whole suite on ${MODULES} modules against one`,
    value: one.tookMs / four.tookMs,
    unit: '×',
    bar: 1.8,
  });
}

/** Scenarios that do nothing but wait show what the runner itself adds. */
async function* waiting(folder: string): AsyncGenerator<Measure> {
  const files = writeWaitingFiles(join(folder, 'waiting'));
  const one = await runSuite([...files, '--module', 'virtual'], join(folder, 'waiting-one'));
  const eight = await runSuite([...files, '--module', `virtual*${FILES}`], join(folder, 'waiting-eight'));
  passed(one.exitCode ?? eight.exitCode);
  passed(eight.exitCode);
  const name = `${FILES} files of ${WAITS} waits of ${WAIT_MS} ms on ${FILES} modules against one`;
  yield atLeast({ name, value: one.tookMs / eight.tookMs, unit: '×', bar: 5 });
}

function writeWaitingFiles(folder: string): readonly string[] {
  mkdirSync(folder);
  const program = pathToFileURL(join(import.meta.dirname, '..', 'dist', 'harness', 'run', 'scenario.js')).href;
  return Array.from({ length: FILES }, (_, index) => {
    const path = join(folder, `waiting-${index}.scenario.ts`);
    writeFileSync(
      path,
      `import { scenario, type Rig } from '${program}';
      scenario({
        id: 'waiting/${index}',
        title: 'nothing happens for a while',
        clauses: [],
        async run(rig: Rig): Promise<void> {
          for (let wait = 0; wait < ${WAITS}; wait++) {
            await rig.wait('nothing', ${WAIT_MS}, (ms) => new Promise<void>((resolve) => void setTimeout(resolve, ms)));
          }
        },
      });`,
    );
    return path;
  });
}

/** Figures of a run that failed mean nothing. */
function passed(exitCode: number | null): void {
  if (exitCode !== 0) throw new Error(`the run ended with exit code ${exitCode}`);
}
