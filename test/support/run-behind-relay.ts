import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Disturbance } from '../../harness/module/disturbed.ts';
import type { RunRecord } from '../../harness/report/run-record.ts';
import { DisturbingRelay } from './disturbing-relay.ts';
import { type LinkEvidence, linkEvidence } from './link-evidence.ts';
import { Qlhil } from './qlhil.ts';
import { startVirtual } from './start-virtual.ts';

export interface RelayedRun {
  /** As on the command line: `virtual…`. */
  readonly spec: string;
  /** Further words for `qlhil run`. */
  readonly words: readonly string[];
  /** Made here. */
  readonly folder: string;
  readonly seed: number;
  readonly disturbance?: Disturbance;
  /** Chunks between two cuts of the connection, about. */
  readonly cutEvery?: number;
  readonly budgetMs?: number;
}

export interface RelayedResult {
  readonly record: RunRecord;
  readonly evidence: LinkEvidence;
  /** Openings of the port. */
  readonly connections: number;
}

/** Runs scenarios on a virtual module whose TTY is reached through a relay, which mistreats what passes. */
export async function runBehindRelay(run: RelayedRun): Promise<RelayedResult> {
  mkdirSync(run.folder, { recursive: true });
  await using virtual = await startVirtual(run.spec, { folder: join(run.folder, 'module'), seed: run.seed });
  await using relay = await DisturbingRelay.open(virtual.port, run.disturbance ?? {}, run.seed);
  relay.cutEvery = run.cutEvery;
  const words = ['run', '--module', relay.spec, '--seed', String(run.seed), '--out', 'record', ...run.words];
  const budget = run.budgetMs === undefined ? {} : { budgetMs: run.budgetMs };
  const { stderr, exitCode } = await new Qlhil(words, { cwd: run.folder, ...budget }).ended;
  const runDir = join(run.folder, 'record');
  const record = readRecord(runDir, `exit ${exitCode}: ${stderr}`);
  return { record, evidence: await linkEvidence(runDir, record), connections: relay.connections };
}

function readRecord(runDir: string, otherwise: string): RunRecord {
  try {
    return JSON.parse(readFileSync(join(runDir, 'run.json'), 'utf8'));
  } catch (cause) {
    throw new Error(`the run left no record: ${otherwise}`, { cause });
  }
}
