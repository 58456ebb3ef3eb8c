import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import type { VirtualModule } from '../harness/bench/virtual-module.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import { DisturbingRelay } from './support/disturbing-relay.ts';
import { Qlhil } from './support/qlhil.ts';
import { startVirtual } from './support/start-virtual.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

/** The reset ladder in whole runs. */

const BUDGET_MS = 180_000;
const folder = new TemporaryFolder();
const env = { QLHIL_LOCK_DIR: join(folder.path, 'locks') };
beforeAll(() => buildFirmware('manual'), 600_000);
afterAll(() => folder[Symbol.dispose]());

/** A module that is reached through a relay, and a folder whose bench.yaml calls it `lab`. */
class Bench implements AsyncDisposable {
  readonly virtual: VirtualModule;
  readonly relay: DisturbingRelay;
  /** Of the run. */
  readonly record: string;
  readonly #cwd: string;

  static async open(name: string, bootS: number, supply: 'switched' | 'fixed' = 'fixed'): Promise<Bench> {
    const cwd = join(folder.path, name);
    const virtual = await startVirtual('virtual', { folder: join(cwd, 'module') });
    const relay = await DisturbingRelay.open(virtual.port, {}, 1);
    const { on, off } = virtual.power;
    const tcp = relay.spec.slice('tcp:'.length);
    const lab = { name: 'lab', tcp, broker: { host: '127.0.0.1' }, budgets: { bootS } };
    const modules = [supply === 'switched' ? { ...lab, power: { on, off } } : lab];
    writeFileSync(join(cwd, 'bench.yaml'), JSON.stringify({ modules }));
    return new Bench(cwd, virtual, relay);
  }

  private constructor(cwd: string, virtual: VirtualModule, relay: DisturbingRelay) {
    this.virtual = virtual;
    this.relay = relay;
    this.record = join(cwd, 'record');
    this.#cwd = cwd;
  }

  run(...words: readonly string[]): Qlhil {
    const all = ['run', '--bench', 'bench.yaml', '--module', 'lab', '--out', 'record', ...words];
    return new Qlhil(all, { cwd: this.#cwd, env, budgetMs: BUDGET_MS });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.relay[Symbol.asyncDispose]();
    await this.virtual[Symbol.asyncDispose]();
  }
}

function readRecord(...path: readonly string[]): RunRecord {
  return JSON.parse(readFileSync(join(...path, 'run.json'), 'utf8'));
}

test(
  'a module that nothing revives is wedged: what is left for it is inconclusive at once, and the other module goes on',
  async () => {
    await using bench = await Bench.open('wedged', 1);
    const run = bench.run('--module', 'virtual', '--grep', '^publish/');
    await run.printed('✓');
    await bench.virtual.control('set deaf all');

    const { exitCode } = await run.ended;

    expect(exitCode).toBe(3);
    const [lab = '', other = ''] = readdirSync(bench.record).toSorted();
    const left = readRecord(bench.record, lab).outcomes.filter(({ attempts }) => attempts.length === 0);
    expect(left.length).toBeGreaterThan(0);
    for (const { outcome, why, durationMs } of left) {
      expect({ outcome, why, durationMs }).toEqual({
        outcome: 'inconclusive',
        why: expect.stringMatching(/is wedged \(.*nothing revives it: RPC reset .*AT reset .*re-open .*power cycle/u),
        durationMs: 0,
      });
    }
    expect(readRecord(bench.record, other).totals).toMatchObject({ inconclusive: 0, notRun: 0, fail: 0 });
  },
  BUDGET_MS,
);

test(
  'a module of the inventory whose supply is off is switched on when a run begins',
  async () => {
    await using bench = await Bench.open('off', 20, 'switched');
    await bench.virtual.control('power off');

    const { exitCode, stdout, stderr } = await bench.run('--grep', '^publish/qos1@mqtt$').ended;

    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  },
  BUDGET_MS,
);

test(
  'a module that starts again while the first scenario of a file is prepared is asked once more, on a port that is free',
  async () => {
    await using bench = await Bench.open('prepared', 20);
    const { virtual, relay } = bench;
    relay.watch = (bytes) => {
      if (!bytes.includes('file.write')) return;
      relay.watch = undefined;
      void virtual.control('reset');
    };

    const { exitCode, stdout, stderr } = await bench.run('--grep', '^publish/qos[01]@mqtt$').ended;

    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
    expect(relay.watch).toBeUndefined();
  },
  BUDGET_MS,
);
