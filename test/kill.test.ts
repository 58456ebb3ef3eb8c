import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { EXIT_CODES, killTrial, VICTIMS, type Victim } from './support/kill-trial.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const BUDGET_MS = 120_000;
const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => buildFirmware('manual'), 600_000);

/** A few moments for each; `npm run kills` draws a hundred. */
const MOMENTS_MS: Readonly<Record<Victim, readonly number[]>> = {
  worker: [333],
  jest: [170],
  'command line': [60, 700, 1900],
  module: [90],
  firmware: [25, 280],
};

const trials = VICTIMS.flatMap((victim) =>
  MOMENTS_MS[victim].map((afterMs) => ({ victim, exitCode: EXIT_CODES[victim], afterMs })),
);

test.each(trials)(
  'a $victim that is killed after $afterMs ms leaves a readable record, no process and exit code $exitCode',
  async ({ victim, exitCode, afterMs }) => {
    const name = `killed-${victim.replace(' ', '-')}-${afterMs}`;

    const result = await killTrial({ victim, afterMs, name, cwd: folder.path });

    const hasRecord = exitCode !== null;
    expect(result).toMatchObject({ exitCode, unreadable: [], left: [], hasRecord, isTooLate: false });
    expect(result.outcomes).toBeGreaterThanOrEqual(hasRecord ? 1 : 0);
  },
  BUDGET_MS,
);
