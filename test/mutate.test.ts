import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { FAMILY_AREAS } from '../harness/mutate/defect-area.ts';
import type { MutateResult } from '../harness/mutate/mutate-result.ts';
import { qlhil } from './support/qlhil.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const BUDGET_MS = 240_000;
const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => buildFirmware('manual'), 600_000);

/** One a family: what is noticed soonest there. */
const DEFECTS = [
  'second-connect-sent',
  'exception-twice',
  'reconnect-refused',
  'retain-lost',
  'ping-at-zero',
  'clean-session-resent',
  'qos2-delivered-twice',
  'verify-level-ignored',
  'slot-leaked',
  'certificate-time-ignored',
  'token-key-undecoded',
  'null-payload-read',
  'callback-under-lock',
];

test(
  'a defect of each family is noticed by the clause that it breaks, and a module without one raises no alarm',
  async () => {
    const words = DEFECTS.flatMap((name) => ['--defect', name]);

    const { exitCode, stdout } = await qlhil(['mutate', '--json', '--area', ...words], {
      cwd: folder.path,
      budgetMs: BUDGET_MS,
    });

    const { defects, survivors, falseAlarms, troubles, controlled }: MutateResult = JSON.parse(stdout);
    const unseen = defects.filter(({ killedBy }) => killedBy?.isItsClause !== true);
    expect({ unseen, survivors, falseAlarms, troubles }).toEqual({
      unseen: [],
      survivors: [],
      falseAlarms: [],
      troubles: [],
    });
    expect(new Set(defects.map(({ family }) => family))).toEqual(new Set(Object.keys(FAMILY_AREAS)));
    expect(controlled).toBeGreaterThan(DEFECTS.length / 2);
    expect(exitCode).toBe(0);
  },
  BUDGET_MS,
);
