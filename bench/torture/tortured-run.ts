import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { WearLog } from '../../harness/bench/ladder/wear-log.ts';
import { wearLogPath } from '../../harness/bench/ladder/wear-log-path.ts';
import type { VirtualModule } from '../../harness/bench/virtual-module.ts';
import { randomOf } from '../../harness/module/disturbed.ts';
import type { RunRecord } from '../../harness/report/run-record.ts';
import { DisturbingRelay } from '../../test/support/disturbing-relay.ts';
import { linkEvidence } from '../../test/support/link-evidence.ts';
import { Qlhil } from '../../test/support/qlhil.ts';
import { startVirtual } from '../../test/support/start-virtual.ts';
import { DISTURBANCES, type Disturbed, disturb, type Happened, passed } from './disturber.ts';

export interface TortureOptions {
  /** As on the command line: `virtual…`. */
  readonly module: string;
  /** Further words for `qlhil run`. */
  readonly words: readonly string[];
  /** Made here. */
  readonly folder: string;
  readonly seed: number;
  /** How many, at most: none is begun when the run is over. */
  readonly disturbances: number;
  /** Between two, on average. */
  readonly pauseMs: number;
  readonly budgetMs: number;
}

export interface TorturedRun {
  readonly record: RunRecord;
  readonly runDir: string;
  readonly exitCode: number | null;
  readonly happened: readonly Happened[];
  /** Calls that ran twice or that nobody asked for, events that are missing or came twice. */
  readonly breaches: readonly string[];
  readonly tookMs: number;
}

/**
 * Runs scenarios on a virtual module that stands on a bench behind a relay, and disturbs both at moments drawn from the seed, from the
 * first outcome to the last.
 *
 * @throws Error — the run did not end in time, or left no record
 */
export async function torturedRun(options: TortureOptions): Promise<TorturedRun> {
  const { folder, seed, words, budgetMs } = options;
  mkdirSync(folder, { recursive: true });
  const locks = join(folder, 'locks');
  process.env['QLHIL_LOCK_DIR'] = locks;
  await using virtual = await startVirtual(options.module, { folder: join(folder, 'module'), seed });
  await using relay = await DisturbingRelay.open(virtual.port, {}, seed);
  writeFileSync(join(folder, 'bench.yaml'), JSON.stringify(inventory(relay, virtual)));
  const startedMs = performance.now();
  const run = new Qlhil(['run', '--module', 'tortured', '--seed', String(seed), '--out', 'record', ...words], {
    cwd: folder,
    env: { QLHIL_LOCK_DIR: locks },
    budgetMs,
  });
  const wear = new WearLog(wearLogPath(relay.spec));
  const happened = await disturbUntilEnd(run, { virtual, relay, wear, random: randomOf(seed) }, options);
  const { exitCode, stderr, stdout } = await run.ended;
  const runDir = join(folder, 'record');
  const record = readRecord(runDir, `exit ${exitCode}: ${stderr}${stdout}`);
  const { breaches } = await linkEvidence(runDir, record);
  return { record, runDir, exitCode, happened, breaches, tookMs: performance.now() - startedMs };
}

/** A hundred resets in a minute are no bench's: here the module does not wear. */
function inventory(relay: DisturbingRelay, { power: { on, off } }: VirtualModule) {
  return {
    modules: [
      {
        name: 'tortured',
        tcp: relay.spec.replace(/^tcp:/u, ''),
        broker: { host: '127.0.0.1' },
        power: { on, off, offS: 0.2 },
        budgets: { resetsAnHour: 100_000, attachesAnHour: 100_000, bootS: 10 },
      },
    ],
  };
}

async function disturbUntilEnd(
  run: Qlhil,
  disturbed: Disturbed,
  options: TortureOptions,
): Promise<readonly Happened[]> {
  const happened: Happened[] = [];
  const state = { hasEnded: false };
  const ended = run.ended.finally(() => (state.hasEnded = true));
  // Before the first outcome there is little to disturb: the test processes are being loaded.
  await Promise.race([run.printed('✓'), ended]);
  while (!state.hasEnded && happened.length < options.disturbances) {
    await Promise.race([passed(-Math.log(1 - disturbed.random()) * options.pauseMs), ended]);
    const kind = DISTURBANCES[Math.floor(disturbed.random() * DISTURBANCES.length)];
    if (state.hasEnded || kind === undefined) break;
    happened.push(await disturb(kind, disturbed));
  }
  return happened;
}

function readRecord(runDir: string, otherwise: string): RunRecord {
  try {
    return JSON.parse(readFileSync(join(runDir, 'run.json'), 'utf8'));
  } catch (cause) {
    throw new Error(`the run left no record: ${otherwise}`, { cause });
  }
}
