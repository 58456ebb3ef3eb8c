import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { killTrial, type Victim } from './support/kill-trial.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const BUDGET_MS = 120_000;
const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => buildFirmware('manual'), 600_000);

/** 4: a scenario was lost. 3: the module can't be reached any more. 1: the module started again by itself. */
const EXPECTED: readonly (readonly [Victim, number | null, readonly number[]])[] = [
  ['worker', 4, [333]],
  ['jest', 4, [170]],
  ['command line', null, [60, 700, 1900]],
  ['module', 3, [90]],
  ['firmware', 1, [25, 280]],
];

const trials = EXPECTED.flatMap(([victim, exitCode, moments]) =>
  moments.map((afterMs) => ({ victim, exitCode, afterMs })),
);

test.each(trials)(
  'a $victim that is killed after $afterMs ms leaves a readable record, no process and exit code $exitCode',
  async ({ victim, exitCode, afterMs }) => {
    const name = `killed-${victim.replace(' ', '-')}-${afterMs}`;

    const result = await killTrial({ victim, afterMs, name, cwd: folder.path });

    const hasRecord = exitCode !== null;
    expect(result).toMatchObject({ exitCode, unreadable: [], left: [], hasRecord });
    expect(result.outcomes).toBeGreaterThanOrEqual(hasRecord ? 1 : 0);
  },
  BUDGET_MS,
);
