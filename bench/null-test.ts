import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { compareWith } from '../harness/compare/compare-with.ts';
import { referenceFromRun } from '../harness/compare/reference-from-run.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import { readRunRecord } from '../harness/run/read-run-record.ts';
import { atMost, type Measure } from './measure.ts';
import { runSuite } from './run-suite.ts';

/*
 * The null test of `qlhil compare`: pairs of runs of one revision, each with a seed of its own, in which there is nothing to find. One
 * JSON line a pair, then a measure for each kind of difference; exit 1 if one is beyond its bar.
 * Arguments: how many pairs (50), the folder of their records (out/null-test). Pairs that are there are not run again, so that it can be
 * stopped and go on.
 *
 * The scenarios are a third of all, those that measure most in the least time: nearly every latency is in a dozen of them or more, and
 * none waits for a time-out.
 */
const SKUS = ['EC200U-CN', 'EC600U-CN', 'EG500U-CN', 'EG700U-CN'];
const AREAS = ['connect-fields', 'inbound', 'payloads', 'publish', 'subscribe', 'topics', 'two-clients'];
const FIRST_SEED = 1000;

const [pairsText = '50', folder = join('out', 'null-test')] = process.argv.slice(2);
const totals = { failures: 0, changes: 0, deviations: 0, shifts: 0 };
for (let pair = 1; pair <= Number(pairsText); pair++) {
  const old = await recordOf(pair, 0);
  const fresh = await recordOf(pair, 1);
  const { newFailures, changed, deviations, latency, latencyTest, unobserved } = compareWith(
    referenceFromRun(old),
    fresh,
  );
  totals.failures += newFailures.length;
  totals.changes += changed.length;
  totals.deviations += deviations.length;
  totals.shifts += latency.length;
  const seeds = [old.seed, fresh.seed];
  print({ pair, module: fresh.module.spec, seeds, newFailures, changed, deviations, latency, latencyTest, unobserved });
}
const measures: readonly Measure[] = [
  atMost({ name: 'new failures', value: totals.failures, unit: 'in all', bar: 0 }),
  atMost({ name: 'changed observations', value: totals.changes, unit: 'in all', bar: 0 }),
  atMost({ name: 'new deviations', value: totals.deviations, unit: 'in all', bar: 0 }),
  atMost({ name: 'latency shifts', value: totals.shifts, unit: 'in all', bar: 1 }),
];
for (const measure of measures) print(measure);
process.exitCode = measures.every(({ ok }) => ok) ? 0 : 1;

/** Of the first or the second run of a pair; run now unless it is there. */
async function recordOf(pair: number, which: 0 | 1): Promise<RunRecord> {
  const path = join(folder, `${pair}${which === 0 ? 'a' : 'b'}.json`);
  if (existsSync(path)) return readRunRecord(path);
  mkdirSync(folder, { recursive: true });
  const out = join(folder, `running-${process.pid}`);
  const module = `virtual:${SKUS[pair % SKUS.length]}`;
  const seed = String(FIRST_SEED + 2 * pair + which);
  await runSuite(['--module', module, '--seed', seed, '--grep', `^(${AREAS.join('|')})/`], out);
  renameSync(join(out, 'run.json'), path);
  rmSync(out, { recursive: true });
  return readRunRecord(path);
}

function print(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
