import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import { qlhil } from './support/qlhil.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const BUDGET_MS = 120_000;
const folder = new TemporaryFolder();
const cwd = folder.path;
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => buildFirmware('r03'), 600_000);
beforeAll(() =>
  writeFileSync(
    join(cwd, 'known.yaml'),
    `schema: qlhil-known/1
known:
  - rule: CB-01
    clause: M-10.request-callback
    sku: EC200U-CN
    revision: EC200UCN.*
    scenario: publish/qos1@mqtt
    reason: 'ticket 4711: the callback is lost'
  - rule: expect:callback
    clause: M-10.request-callback
    sku: EC200U-CN
    revision: EC200UCN.*
    scenario: publish/qos1@mqtt
    reason: 'ticket 4711: the callback is lost'
`,
  ),
);

async function run(module: string): Promise<{ readonly exitCode: number | null; readonly record: RunRecord }> {
  const words = ['run', '--module', module, '--grep', '^publish/qos1@mqtt$', '--known', 'known.yaml'];
  const { exitCode } = await qlhil(words, { cwd });
  return { exitCode, record: JSON.parse(readFileSync(join(cwd, 'out', 'latest', 'run.json'), 'utf8')) };
}

test(
  'a failure that is known does not fail the run, and its reason is told',
  async () => {
    const { exitCode, record } = await run('virtual:EC200U-CN?defect=publish-callback-lost');

    expect(record.outcomes.map(({ outcome, why }) => [outcome, why])).toEqual([
      ['known-failure', 'ticket 4711: the callback is lost'],
    ]);
    expect(exitCode).toBe(0);
  },
  BUDGET_MS,
);

test(
  'a known failure that has begun to pass turns the run red, also in JUnit',
  async () => {
    const { exitCode, record } = await run('virtual:EC200U-CN');

    expect([exitCode, record.totals.pass]).toEqual([1, 1]);
    expect(record.knownFailures).toMatchObject([
      { rule: 'CB-01', met: 0, isHealed: true },
      { rule: 'expect:callback' },
    ]);
    expect(readFileSync(join(cwd, 'out', 'latest', 'junit.xml'), 'utf8')).toMatch(
      /<failure message="the known failure of CB-01 [^"]*passes/u,
    );
  },
  BUDGET_MS,
);

test('a list that makes no sense is refused before anything runs, with the line', async () => {
  writeFileSync(join(cwd, 'wrong.yaml'), 'schema: qlhil-known/1\nknown:\n  - rule: CB-01\n');

  const { exitCode, stderr } = await qlhil(['run', '--module', 'virtual', '--known', 'wrong.yaml'], { cwd });

  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('wrong.yaml:3: known.0.clause')]);
});
