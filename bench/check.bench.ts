import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeTimeline } from './generated-timeline.ts';
import { atLeast, atMost, type Measure, median } from './measure.ts';

/*
 * How fast `qlhil check` judges by all rules, against a program that parses the same lines and no more (bench/bare), and whether its
 * memory grows with the length of the timeline. Both run alone in a process of their own, by turns.
 */
const FEW = 100_000;
const MANY = 1_000_000;
const SEED = 20_211;
const ROUNDS = 5;

interface Pass {
  readonly ms: number;
  readonly peakMb: number;
}

export async function* measures(): AsyncGenerator<Measure> {
  const folder = mkdtempSync(join(tmpdir(), 'qlhil-check-'));
  try {
    const [few, many] = [join(folder, 'few.ndjson'), join(folder, 'many.ndjson')];
    writeTimeline(few, FEW, SEED);
    writeTimeline(many, MANY, SEED);
    const rounds = Array.from({ length: ROUNDS }, () => ({
      parsed: pass('bare/parse-timeline.mjs', many),
      judged: pass('judge-timeline.ts', many),
    }));
    const ratios = rounds.map(({ parsed, judged }) => parsed.ms / judged.ms);
    yield atLeast({ name: 'speed of check to parsing alone', value: median(ratios), unit: '×', bar: 0.4 });
    const small = pass('judge-timeline.ts', few);
    const peak = median(rounds.map(({ judged }) => judged.peakMb));
    const name = 'growth of memory from 100,000 to 1,000,000 events';
    yield atMost({ name, value: peak - small.peakMb, unit: 'MB', bar: 20 });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function pass(script: string, timeline: string): Pass {
  const words = ['--import', join(import.meta.dirname, 'typescript.mjs'), join(import.meta.dirname, script), timeline];
  const { stdout, stderr, status } = spawnSync(process.execPath, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${script} ended with ${String(status)}: ${stderr}`);
  const read: Pass = JSON.parse(stdout);
  return read;
}
