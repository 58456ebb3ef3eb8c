import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunRecord } from '../harness/report/run-record.ts';

const PROGRAM = join(import.meta.dirname, '..', 'dist', 'bin', 'qlhil.js');
const BUDGET_MS = 600_000;

export interface SuiteRun {
  readonly record: RunRecord;
  readonly exitCode: number | null;
  /** From the start of the command line to its end, ms. */
  readonly tookMs: number;
}

/** One `qlhil run` as a user starts it, with its record in `out`. A run of several kinds of modules has no single record. */
export async function runSuite(words: readonly string[], out: string): Promise<SuiteRun> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, [PROGRAM, 'run', ...words, '--out', out], {
    stdio: ['ignore', 'ignore', 'inherit'],
    timeout: BUDGET_MS,
    killSignal: 'SIGTERM',
  });
  const exitCode = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  const tookMs = performance.now() - startedMs;
  const record: RunRecord = JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'));
  return { record, exitCode, tookMs };
}
