import { readFileSync } from 'node:fs';
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
beforeAll(() => buildFirmware('manual'), 600_000);

async function run(module: string, grep: string): Promise<RunRecord> {
  await qlhil(['run', '--module', module, '--grep', grep], { cwd });
  return JSON.parse(readFileSync(join(cwd, 'out', 'latest', 'run.json'), 'utf8'));
}

test(
  'what nobody specifies decides no outcome: a seeded personality passes',
  async () => {
    const record = await run('virtual?sdk=manual&personality=seeded&seed=3*2', '^(publish|subscribe|deinit|inbound)/');

    expect(record.outcomes.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
    expect(record.totals.pass).toBeGreaterThan(40);
  },
  BUDGET_MS,
);

test(
  'a client that is lwIP underneath says nothing at disconnect, and brings a QoS 2 message twice',
  async () => {
    const record = await run('virtual?personality=lwip*2', '^(disconnect/orderly@mqtt|inbound/qos2-sent-twice@mqtt)$');

    const found = record.outcomes.map(({ scenario, findings }) => [scenario, findings.map(({ rule }) => rule)]);
    expect(Object.fromEntries(found)).toEqual({
      'disconnect/orderly@mqtt': expect.arrayContaining(['WF-18']),
      'inbound/qos2-sent-twice@mqtt': expect.arrayContaining(['IN-02']),
    });
  },
  BUDGET_MS,
);
