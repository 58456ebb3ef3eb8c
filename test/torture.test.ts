import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { compareRuns } from '../bench/torture/compare-runs.ts';
import { KillBench } from '../bench/torture/lock-kill.ts';
import { torturedRun } from '../bench/torture/tortured-run.ts';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

/** The short form of `npm run torture`. */

const BUDGET_MS = 240_000;
const folder = new TemporaryFolder();
const before = process.env['QLHIL_LOCK_DIR'];
beforeAll(() => buildFirmware('manual'), 600_000);
afterAll(() => {
  folder[Symbol.dispose]();
  if (before === undefined) delete process.env['QLHIL_LOCK_DIR'];
  else process.env['QLHIL_LOCK_DIR'] = before;
});

test(
  'cuts, resets, hangs and noise change nothing that they do not touch, invent no failure and hide none',
  async () => {
    const common = {
      module: 'virtual?sdk=manual&defect=qos-capped',
      // Long enough on a quick machine to be met: disturbances begin with the first outcome.
      words: ['--grep', '^(publish|inbound|payloads)/'],
      budgetMs: BUDGET_MS,
    };
    const calm = await torturedRun({
      ...common,
      seed: 5,
      folder: join(folder.path, 'calm'),
      disturbances: 0,
      pauseMs: 0,
    });
    const rough = await torturedRun({
      ...common,
      seed: 5,
      folder: join(folder.path, 'rough'),
      disturbances: 12,
      pauseMs: 50,
    });

    const { differences, unrecovered, foundAgain, touched } = compareRuns(calm, rough);

    expect(rough.happened.length).toBeGreaterThan(0);
    expect({ differences, breaches: rough.breaches, problems: rough.record.problems }).toEqual({
      differences: [],
      breaches: [],
      problems: [],
    });
    expect(touched).toBeGreaterThan(0);
    // Both attempts may have been met; but then nothing is said of the module.
    expect(unrecovered.filter((text) => !/became inconclusive/u.test(text))).toEqual([]);
    expect(foundAgain).toBeGreaterThan(0);
    expect(rough.exitCode).toBe(1);
  },
  BUDGET_MS,
);

test(
  'a command line that is killed leaves the lock free, no process and a readable record, and the next run passes',
  async () => {
    await using bench = await KillBench.open(join(folder.path, 'kills'));

    const { freeAfterMs, ...left } = await bench.trial('killed', 2500);

    expect(left).toMatchObject({ unreadable: [], nextExitCode: 0 });
    expect(freeAfterMs).not.toBe(Number.POSITIVE_INFINITY);
  },
  BUDGET_MS,
);
