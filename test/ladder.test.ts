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

function startModule(name: string): Promise<VirtualModule> {
  return startVirtual('virtual', { folder: join(folder.path, name) });
}

/** A bench.yaml of one module, `lab`, with these further lines. */
function writeBench(name: string, { spec }: DisturbingRelay, lines: readonly string[]): string {
  const path = join(folder.path, `${name}.yaml`);
  const all = ['name: lab', `tcp: "${spec.slice('tcp:'.length)}"`, 'broker: {host: 127.0.0.1}', ...lines];
  writeFileSync(path, `modules:\n  - ${all.join('\n    ')}\n`);
  return path;
}

function readRecord(...path: readonly string[]): RunRecord {
  return JSON.parse(readFileSync(join(folder.path, ...path, 'run.json'), 'utf8'));
}

test(
  'a module that nothing revives is wedged: what is left for it is inconclusive at once, and the other module goes on',
  async () => {
    await using virtual = await startModule('wedged');
    await using relay = await DisturbingRelay.open(virtual.port, {}, 1);
    const bench = writeBench('wedged', relay, ['budgets: {bootS: 1}']);
    const words = [
      'run',
      '--bench',
      bench,
      '--module',
      'lab',
      '--module',
      'virtual',
      '--grep',
      '^publish/',
      '--out',
      'w',
    ];
    const run = new Qlhil(words, { cwd: folder.path, env, budgetMs: BUDGET_MS });
    await run.printed('✓');
    await virtual.control('set deaf all');

    const { exitCode } = await run.ended;

    expect(exitCode).toBe(3);
    const [lab = '', other = ''] = readdirSync(join(folder.path, 'w')).toSorted();
    const left = readRecord('w', lab).outcomes.filter(({ attempts }) => attempts.length === 0);
    expect(left.length).toBeGreaterThan(0);
    for (const { outcome, why, durationMs } of left) {
      expect({ outcome, why, durationMs }).toEqual({
        outcome: 'inconclusive',
        why: expect.stringMatching(/is wedged \(.*nothing revives it: RPC reset .*AT reset .*re-open .*power cycle/u),
        durationMs: 0,
      });
    }
    expect(readRecord('w', other).totals).toMatchObject({ inconclusive: 0, notRun: 0, fail: 0 });
  },
  BUDGET_MS,
);

test(
  'a module of the inventory whose supply is off is switched on when a run begins',
  async () => {
    await using virtual = await startModule('off');
    await using relay = await DisturbingRelay.open(virtual.port, {}, 1);
    const power = JSON.stringify({ ...virtual.power, offMs: undefined });
    const bench = writeBench('off', relay, [`power: ${power}`, 'budgets: {bootS: 20}']);
    await virtual.control('power off');
    const words = ['run', '--bench', bench, '--module', 'lab', '--grep', '^publish/qos1@mqtt$', '--out', 'off-record'];

    const { exitCode, stdout, stderr } = await new Qlhil(words, { cwd: folder.path, env }).ended;

    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
  },
  BUDGET_MS,
);

test(
  'a module that starts again while the first scenario of a file is prepared is asked once more, on a port that is free',
  async () => {
    await using virtual = await startModule('prepared');
    await using relay = await DisturbingRelay.open(virtual.port, {}, 1);
    const bench = writeBench('prepared', relay, ['budgets: {bootS: 20}']);
    relay.watch = (bytes) => {
      if (!bytes.includes('file.write')) return;
      relay.watch = undefined;
      void virtual.control('reset');
    };
    const words = [
      'run',
      '--bench',
      bench,
      '--module',
      'lab',
      '--grep',
      '^publish/qos[01]@mqtt$',
      '--out',
      'prepared-record',
    ];

    const { exitCode, stdout, stderr } = await new Qlhil(words, { cwd: folder.path, env, budgetMs: BUDGET_MS }).ended;

    expect({ exitCode, stdout, stderr }).toMatchObject({ exitCode: 0 });
    expect(relay.watch).toBeUndefined();
  },
  BUDGET_MS,
);
