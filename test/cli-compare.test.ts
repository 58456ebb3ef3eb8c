import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Comparison } from '../harness/compare/comparison.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import { sampleFinding, sampleOutcome, sampleRun } from '../harness/report/sample-run.ts';
import { qlhil } from './support/qlhil.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const folder = new TemporaryFolder();
const cwd = folder.path;
afterAll(() => folder[Symbol.dispose]());

const observed = (value: number) => [{ clause: 'D-3', name: 'err of a request that timed out', value }];
const old = sampleRun([sampleOutcome({ observations: observed(257) })]);

/** Lays a run's folder out, as `qlhil run` does. */
function lay(name: string, record: RunRecord): void {
  mkdirSync(join(cwd, name), { recursive: true });
  writeFileSync(join(cwd, name, 'run.json'), JSON.stringify(record));
}

beforeAll(() => {
  const deviation = sampleFinding({ kind: 'inferred', clause: 'INF-1' });
  lay('old', old);
  lay('changed', sampleRun([sampleOutcome({ observations: observed(-9) })]));
  lay('deviates', sampleRun([sampleOutcome({ observations: observed(257), findings: [deviation] })]));
  lay('fails', sampleRun([sampleOutcome({ outcome: 'fail', findings: [sampleFinding()] })]));
  lay('kinds/1-virtual-ec200u-cn', old);
  lay('kinds/2-virtual-ec600u-cn', { ...old, module: { ...old.module, spec: 'virtual:EC600U-CN', sku: 'EC600U-CN' } });
  lay('unlike', { ...old, module: { ...old.module, sku: 'EC999U-CN' } });
  lay('later', Object.assign({ invented: 'a member of a later version' }, old));
});

const compare = (...words: readonly string[]) => qlhil(['compare', ...words], { cwd });

test('the exit code tells whether anything failed that had not before', async () => {
  const codes = await Promise.all(
    [
      ['old', 'old'],
      ['old', 'fails'],
      ['fails', 'fails'],
      ['fails', 'old'],
      ['old', 'changed'],
      ['old', 'changed', '--fail-on-change'],
      ['old', 'deviates'],
      ['old', 'deviates', '--strict'],
    ].map((words) => compare(...words)),
  );

  expect(codes.map(({ exitCode }) => exitCode)).toEqual([0, 1, 0, 0, 0, 1, 0, 1]);
});

test('a terminal reads what changed, from what to what, and ends with the answer', async () => {
  const { stdout, lines } = await compare('old', 'changed/run.json');

  expect(stdout).toContain('err of a request that timed out: 257 → -9');
  expect(lines.at(-1)).toBe('result   1 changed observation');
});

test('--json has the five members that programs read', async () => {
  const { stdout } = await compare('old', 'fails', '--json');
  const comparison: Comparison = JSON.parse(stdout);

  const { newFailures, fixed, changed, deviations, latency } = comparison;
  expect(newFailures).toMatchObject([{ clause: 'M-10.request-callback', rules: ['CB-01'] }]);
  expect([fixed, changed, deviations, latency]).toEqual([[], [], [], []]);
});

test('--markdown and --html are for a pull request and its artefact', async () => {
  const { stdout, exitCode } = await compare('old', 'fails', '--markdown', '--html', 'diff.html');

  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/^### EC200U-CN: 1 new failure\n/u);
  expect(readFileSync(join(cwd, 'diff.html'), 'utf8')).toContain('<title>EC200U-CN: 1 new failure</title>');
});

test('a run of several kinds is compared kind by kind, and a kind without a partner is told', async () => {
  const both = await compare('kinds', 'kinds', '--json');
  const one = await compare('kinds', 'changed', '--json');

  expect(JSON.parse(both.stdout)).toMatchObject([{ new: { sku: 'EC200U-CN' } }, { new: { sku: 'EC600U-CN' } }]);
  expect(JSON.parse(one.stdout)).toMatchObject({ changed: [{ new: [-9] }] });
  expect(one.stderr).toBe('qlhil: virtual:EC600U-CN is in the old run only: it is not compared\n');
});

test('list observations says what the SKUs do, as the baselines have it', async () => {
  const { stdout, exitCode } = await qlhil(['list', 'observations', '--json'], { cwd });
  const { observations }: { observations: readonly { name: string; skus: readonly { sku: string }[] }[] } =
    JSON.parse(stdout);

  const clients = observations.find(({ name }) => name === 'clients at once');
  expect(exitCode).toBe(0);
  expect(observations.length).toBeGreaterThan(80);
  expect(clients?.skus).toContainEqual({ sku: 'EC200U-CN', revision: expect.any(String), values: [5] });
});

test('members of a later version are passed over', async () => {
  expect((await compare('old', 'later')).exitCode).toBe(0);
});

describe('words that make no sense end with exit code 2 and one line:', () => {
  beforeAll(() => {
    mkdirSync(join(cwd, 'empty'));
    writeFileSync(join(cwd, 'wrong.json'), JSON.stringify({ ...old, seed: 'seven' }));
    writeFileSync(join(cwd, 'torn.json'), '{');
  });

  test.each<[readonly string[], RegExp]>([
    [[], /the command lacks an argument/u],
    [['unlike'], /there is no baseline of EC999U-CN: accept a run/u],
    [['old', '--baseline', 'none'], /none: there is no such baseline/u],
    [['old', 'old', '--baseline', 'x'], /--baseline takes the place of one of the two runs/u],
    [['old', 'none'], /none: there is no such folder or file/u],
    [['old', 'empty'], /empty: it holds no run\.json/u],
    [['old', 'wrong.json'], /wrong\.json is no record of a run: seed: /u],
    [['torn.json', 'old'], /torn\.json is no record of a run: /u],
    [['old', 'old', '--json', '--markdown'], /--json and --markdown exclude each other/u],
    [['old', 'old', '--html', 'no/such/folder/x.html'], /can't write no\/such\/folder\/x\.html/u],
  ])('qlhil compare %j', async (words, message) => {
    const { exitCode, stdout, stderr } = await compare(...words);

    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr.trimEnd().split('\n')).toEqual([expect.stringMatching(message)]);
  });
});
