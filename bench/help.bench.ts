import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { atMost, type Measure, median } from './measure.ts';

const BLOCKS = 40;
const BAR = 1.3;

/** What our command line adds to Node and yargs before it says anything. */
export async function* measures(): AsyncGenerator<Measure> {
  const ours = join(import.meta.dirname, '..', 'dist', 'bin', 'qlhil.js');
  const bare = join(import.meta.dirname, 'bare', 'help.mjs');
  const ratios: number[] = [];
  for (let block = 0; block < BLOCKS; block++) {
    const reference = timeOfHelp(bare);
    ratios.push(timeOfHelp(ours) / reference);
  }
  yield atMost({ name: 'qlhil --help against a bare yargs program', value: median(ratios), unit: '×', bar: BAR });
}

function timeOfHelp(program: string): number {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, [program, '--help'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) throw new Error(`${program} --help ended with exit code ${status}`);
  return performance.now() - began;
}
