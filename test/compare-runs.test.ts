import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import type { Comparison } from '../harness/compare/comparison.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import { qlhil } from './support/qlhil.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const BUDGET_MS = 240_000;
const folder = new TemporaryFolder();
const cwd = folder.path;
afterAll(() => folder[Symbol.dispose]());

const OLD = 'virtual:EC200U-CN?revision=EC200UCNAAR03A07M08_OCPU';
const NEW = 'virtual:EC200U-CN?revision=EC200UCNAAR03A08M08_OCPU';
/** One of each kind: a defect, another reading of what nobody specifies, a slower answer. */
const PLANTED = `${NEW}&defect=will-retain-lost&set.mqtt.clients_code=out_of_mem&set.mqtt.suback_lag_ms=60`;

const run = (module: string, out: string, ...words: readonly string[]) =>
  qlhil(
    ['run', '--module', module, '--grep', '^(?:subscribe/|connect-fields/|limits/clients$)', '--out', out, ...words],
    { cwd },
  );
const recordOf = (out: string): RunRecord => JSON.parse(readFileSync(join(cwd, out, 'run.json'), 'utf8'));

beforeAll(async () => {
  await buildFirmware('r03');
  await run(OLD, 'old');
  await qlhil(['baseline', 'accept', 'old', '--yes'], { cwd });
  await run(PLANTED, 'new');
}, 600_000);

test(
  'of two revisions with three planted differences exactly these are told',
  async () => {
    const { exitCode, stdout } = await qlhil(['compare', 'old', 'new', '--json'], { cwd });
    const { newFailures, fixed, changed, deviations, latency, noVerdict }: Comparison = JSON.parse(stdout);

    expect(newFailures).toMatchObject([{ clause: 'M-5.will-retain', scenarios: ['connect-fields/will-qos1-retain1'] }]);
    expect(changed).toMatchObject([{ name: 'init of a sixth client returns', old: [-4], new: [-3] }]);
    expect(latency.map(({ name }) => name)).toEqual(['subscribe succeeds']);
    expect(latency[0]?.interval[0]).toBeGreaterThan(30);
    expect([fixed, deviations, noVerdict, exitCode]).toEqual([[], [], [], 1]);
  },
  BUDGET_MS,
);

test('a run tells what has changed against the baseline that was accepted, in its record, JUnit and Markdown', () => {
  const { baseline, changes, exitCode } = recordOf('new');

  expect(baseline).toMatchObject({ path: 'baselines/EC200U-CN.yaml', revision: 'EC200UCNAAR03A07M08_OCPU' });
  expect(changes).toMatchObject([{ clause: 'D-7', old: [-4], new: [-3], scenarios: ['limits/clients'] }]);
  expect(exitCode).toBe(1);
  const read = (name: string) => readFileSync(join(cwd, 'new', name), 'utf8');
  expect(read('junit.xml')).toContain('<property name="changed" value="D-7"/>');
  expect(read('summary.md')).toContain('init of a sixth client returns: -4 → -3');
});

test(
  'a change is no failure unless it is asked to be one',
  async () => {
    const module = `${NEW}&set.mqtt.clients_code=out_of_mem`;
    const words = ['run', '--module', module, '--grep', '^limits/clients$'];

    const [minded, told] = await Promise.all([
      qlhil([...words, '--fail-on-change', '--out', 'minded'], { cwd }),
      qlhil([...words, '--out', 'told'], { cwd }),
    ]);

    expect([told.exitCode, minded.exitCode]).toEqual([0, 1]);
    expect(told.stdout).toMatch(/1 observation changed against baselines\/EC200U-CN\.yaml/u);
    expect(readFileSync(join(cwd, 'minded', 'junit.xml'), 'utf8')).toMatch(
      /failures="1".*<failure message="changed against the baseline \(D-7\)/su,
    );
  },
  BUDGET_MS,
);

test('a baseline is not written without a yes, and what was accepted differs in nothing', async () => {
  const asked = await qlhil(['baseline', 'accept', 'new'], { cwd });
  const again = await qlhil(['baseline', 'accept', 'old', '--yes'], { cwd });

  expect([asked.exitCode, asked.stderr]).toEqual([2, expect.stringMatching(/no terminal to ask on: --yes/u)]);
  expect(asked.stdout).toContain('D-7  init of a sixth client returns: -4 → -3');
  expect([again.exitCode, again.stdout]).toEqual([0, expect.stringContaining('no difference')]);
});

test('where there is no baseline, changes cannot be asked to fail', async () => {
  const empty = new TemporaryFolder();
  const words = ['run', '--module', 'virtual:EC200U-CN?personality=r03', '--grep', 'init/creates', '--fail-on-change'];
  const { exitCode, stderr } = await qlhil(words, { cwd: empty.path });
  empty[Symbol.dispose]();

  expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/--fail-on-change needs a baseline of EC200U-CN/u)]);
});
