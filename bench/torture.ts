import { join } from 'node:path';
import { randomOf } from '../harness/module/disturbed.ts';
import { TemporaryFolder } from '../test/support/temporary-folder.ts';
import { atLeast, atMost, type Measure } from './measure.ts';
import { type Comparison, compareRuns } from './torture/compare-runs.ts';
import { DISTURBANCES } from './torture/disturber.ts';
import { KillBench, type LockKill } from './torture/lock-kill.ts';
import { measureReplugs } from './torture/replug.ts';
import { type TorturedRun, torturedRun } from './torture/tortured-run.ts';

/*
 * What the harness stands. Runs the scenarios on a virtual module with a planted defect, once undisturbed and then, again and again, while the
 * cable is cut and pulled, the module reset, the line held up and noise put on it; then kills the command line at random moments.
 * One JSON line a run, one a measure; exit 1 when a bar is missed.
 * Arguments: runs (10), disturbances in each (100), kills (50), a seed, further words for `qlhil run`.
 */
const DEFECT = 'qos-capped';
const RUN_BUDGET_MS = 1_200_000;
const REPLUGS = 20;
const LATEST_KILL_MS = 5_000;

const [runsText = '10', disturbancesText = '100', killsText = '50', seedText = '1', ...words] = process.argv.slice(2);
const seed = Number(seedText);
const disturbances = Number(disturbancesText);
using folder = new TemporaryFolder();

const common = { module: `virtual?sdk=manual&defect=${DEFECT}`, words, budgetMs: RUN_BUDGET_MS };
const calm = await torturedRun({ ...common, seed, folder: join(folder.path, 'calm'), disturbances: 0, pauseMs: 0 });
print({ run: 'calm', exitCode: calm.exitCode, totals: calm.record.totals, tookMs: Math.round(calm.tookMs) });
const comparisons: Comparison[] = [];
const roughs: TorturedRun[] = [];
for (let round = 1; round <= Number(runsText); round++) {
  const rough = await torturedRun({
    ...common,
    seed: seed + round,
    folder: join(folder.path, `rough-${round}`),
    disturbances,
    pauseMs: calm.tookMs / disturbances / 2,
  });
  const compared = compareRuns(calm, rough);
  roughs.push(rough);
  comparisons.push(compared);
  const { exitCode, record, breaches, happened, tookMs } = rough;
  const counts = Object.fromEntries(
    DISTURBANCES.map((kind) => [kind, happened.filter((one) => one.kind === kind).length]),
  );
  print({
    run: round,
    seed: seed + round,
    exitCode,
    totals: record.totals,
    happened: counts,
    ...compared,
    breaches,
    tookMs: Math.round(tookMs),
  });
}
const kills: LockKill[] = [];
{
  await using bench = await KillBench.open(join(folder.path, 'kills'));
  const random = randomOf(seed);
  for (let trial = 1; trial <= Number(killsText); trial++) {
    const kill = await bench.trial(`kill-${trial}`, Math.round(random() * LATEST_KILL_MS));
    kills.push(kill);
    print({ kill: trial, ...kill });
  }
}
const measures: readonly Measure[] = [...ofRuns(), ...ofKills(), await ofReplugs()];
for (const measure of measures) print(measure);
process.exitCode = measures.every(({ ok }) => ok) ? 0 : 1;

function* ofRuns(): Generator<Measure> {
  if (comparisons.length === 0) return;
  const sum = (of: (one: Comparison) => number) => comparisons.reduce((total, one) => total + of(one), 0);
  const none = { unit: '', bar: 0 };
  const [touched, untouched] = [sum((one) => one.touched), sum((one) => one.untouched)];
  yield atLeast({ name: 'torture.touched', value: touched, unit: 'scenarios', bar: 1 });
  yield atLeast({ name: 'torture.untouched', value: untouched, unit: 'scenarios', bar: 1 });
  yield atMost({ name: 'torture.untouched-changed', value: sum((one) => one.differences.length), ...none });
  yield atLeast({
    name: 'torture.touched-recovered',
    value: (100 * sum((one) => one.recovered)) / Math.max(1, touched),
    unit: '%',
    bar: 95,
  });
  const missed = comparisons.filter(({ foundAgain }) => foundAgain === 0).length;
  yield atMost({ name: 'torture.runs-that-missed-the-defect', value: missed, unit: 'runs', bar: 0 });
  const breaches = roughs.reduce((total, rough) => total + rough.breaches.length, 0);
  yield atMost({ name: 'torture.ghost-or-lost', value: breaches, ...none });
  const bugs = roughs.reduce((total, { record }) => total + record.problems.length + record.totals.notRun, 0);
  yield atMost({ name: 'torture.harness-problems', value: bugs, ...none });
}

function* ofKills(): Generator<Measure> {
  if (kills.length === 0) return;
  const longest = Math.max(...kills.map(({ freeAfterMs }) => freeAfterMs)) / 1000;
  yield atMost({ name: 'kill.lock-free-and-no-process', value: longest, unit: 's', bar: 1 });
  const unreadable = kills.reduce((total, one) => total + one.unreadable.length, 0);
  yield atMost({ name: 'kill.unreadable', value: unreadable, unit: 'files', bar: 0 });
  const stuck = kills.filter(({ nextExitCode }) => nextExitCode !== 0).length;
  yield atMost({ name: 'kill.next-run-did-not-pass', value: stuck, unit: 'runs', bar: 0 });
}

async function ofReplugs(): Promise<Measure> {
  const longest = Math.max(...(await measureReplugs(REPLUGS))) / 1000;
  return atMost({ name: 'replug.to-next-good-call', value: longest, unit: 's', bar: 1 });
}

function print(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
