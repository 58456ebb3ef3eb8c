import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import * as v from 'valibot';
import { parse } from 'yaml';
import { packageRoot } from '../harness/bench/package-root.ts';
import { readSkus } from '../harness/bench/sku.ts';
import { findContenders } from '../harness/flash/target/find-contenders.ts';
import { qlhil } from './support/qlhil.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

/** What docs tell a reader to type, and to copy. */
const read = (...path: readonly string[]) => readFileSync(join(packageRoot, ...path), 'utf8');

const WORKFLOW = 'docs/examples/github-actions.yml';
const step = v.looseObject({ name: v.optional(v.string()), if: v.optional(v.string()), run: v.optional(v.string()) });
const workflowSchema = v.looseObject({
  jobs: v.looseObject({
    module: v.looseObject({
      strategy: v.looseObject({
        matrix: v.object({ include: v.array(v.object({ module: v.string(), sku: v.string() })) }),
      }),
      'runs-on': v.array(v.string()),
      concurrency: v.object({ group: v.string(), 'cancel-in-progress': v.boolean() }),
      steps: v.array(step),
    }),
  }),
});
const workflow = v.parse(workflowSchema, parse(read(WORKFLOW)));
const { module: job } = workflow.jobs;

test('the workflow has one job a module, on a runner with the label of its SKU, and none that waits can be cancelled', () => {
  const skus = readSkus().map(({ sku }) => sku);

  expect(job['runs-on']).toEqual(expect.arrayContaining(['self-hosted', '${{ matrix.sku }}']));
  expect(job.concurrency).toEqual({ group: 'module-${{ matrix.module }}', 'cancel-in-progress': false });
  for (const { module, sku } of job.strategy.matrix.include) {
    expect(module).toMatch(/^[a-z][a-z0-9-]*$/u);
    expect(skus).toContain(sku);
  }
});

test('summary, JUnit and record are kept however the run ends', () => {
  const always = job.steps.filter((one) => one.if === 'always()').map(({ name }) => name);

  expect(always).toEqual(['Job summary', 'JUnit', 'Record']);
});

test('every step that is a script can be read by a shell', () => {
  const scripts = job.steps.flatMap(({ run }) => (run === undefined ? [] : [run.replaceAll(/\$\{\{[^}]*\}\}/gu, 'x')]));

  expect(scripts.length).toBeGreaterThanOrEqual(4);
  for (const script of scripts) expect(() => execFileSync('bash', ['-n', '-c', script])).not.toThrow();
});

test('the script of the run tries again after 3, and only then', () => {
  const script = job.steps.find(({ name }) => name === 'Run')?.run?.replaceAll(/\$\{\{[^}]*\}\}/gu, 'lab') ?? '';

  expect(attempts(script, [0])).toEqual({ calls: 1, exitCode: 0 });
  expect(attempts(script, [1, 0])).toEqual({ calls: 1, exitCode: 1 });
  expect(attempts(script, [3, 0])).toEqual({ calls: 2, exitCode: 0 });
  expect(attempts(script, [3, 1])).toEqual({ calls: 2, exitCode: 1 });
});

/** Runs the script as GitHub does, with an npx that ends with these codes in turn. */
function attempts(script: string, codes: readonly number[]): { readonly calls: number; readonly exitCode: number } {
  const fake = `codes=(${codes.join(' ')}); npx() { echo call; local code=\${codes[0]}; codes=("\${codes[@]:1}"); return $code; }`;
  const text = `(set -eo pipefail; ${fake}\n${script}\n); echo "exit $?"`;
  const env = { ...process.env, OUT: 'out/x', BENCH: 'b', GREP: '.' };
  const lines = execFileSync('bash', ['-c', text], { encoding: 'utf8', env }).trim().split('\n');
  return {
    calls: lines.filter((line) => line === 'call').length,
    exitCode: Number(lines.at(-1)?.slice('exit '.length)),
  };
}

test('what docs tell to type names commands and options that there are', async () => {
  const files = [WORKFLOW, 'docs/ci.md', 'docs/bench.md', 'docs/first-hardware.md', 'fixtures/udev/70-qlhil.rules'];
  const typed = files.flatMap((file) => commandsIn(read(file)).map((words) => ({ file, words })));
  const names = [...new Set(typed.flatMap(({ words: [name] }) => name ?? []))];
  const helps = new Map<string, string>();
  for (const name of names) helps.set(name, (await qlhil([name, '--help'], { cwd: packageRoot })).stdout);

  const unknown = typed.flatMap(({ file, words: [name = '', ...rest] }) => {
    const help = helps.get(name) ?? '';
    const options = rest.filter((word) => word.startsWith('--')).map((word) => word.split('=')[0] ?? '');
    const missing = options.filter((option) => !new RegExp(`(?:^|[\\s,])${option}(?:\\s|$)`, 'mu').test(help));
    return help.includes(`qlhil ${name}`)
      ? missing.map((option) => `${file}: ${name} ${option}`)
      : [`${file}: ${name}`];
  });

  expect(typed.length).toBeGreaterThan(20);
  expect(names).toEqual(expect.arrayContaining(['run', 'doctor', 'devices', 'lock']));
  expect(unknown).toEqual([]);
});

/** The words after each `qlhil` of a text, up to where the command ends. */
function commandsIn(text: string): readonly (readonly string[])[] {
  return [...text.matchAll(/\bqlhil ((?:[a-z]+)(?: [^`\n;|#)]*)?)/gu)]
    .map(([, words = '']) => words.trim().split(/\s+/u))
    .filter(([name = '']) => /^[a-z]+$/u.test(name));
}

test('the udev rules are rules, keep ModemManager away from module and boot ROM, and give both to one group', () => {
  const rules = read('fixtures', 'udev', '70-qlhil.rules')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  const term = /^(?:ACTION|SUBSYSTEM|ENV\{\w+\}|ATTRS?\{[\w/]+\}|GROUP|MODE)(?:==|!=|=)"[^"]*"$/u;

  for (const rule of rules) for (const part of rule.split(', ')) expect(part).toMatch(term);
  for (const id of [
    'ATTR{idVendor}=="2c7c", ATTR{idProduct}=="0901"',
    'ATTR{idVendor}=="0525", ATTR{idProduct}=="a4a7"',
  ]) {
    expect(rules.filter((rule) => rule.includes(id) && rule.includes('ENV{ID_MM_DEVICE_IGNORE}="1"'))).toHaveLength(1);
    const ports = id.replaceAll('ATTR{', 'ATTRS{');
    expect(rules.filter((rule) => rule.includes(ports) && rule.includes('GROUP="dialout"'))).toHaveLength(1);
  }
});

test('with the udev rules in their place a running ModemManager contends for neither', async () => {
  using root = new TemporaryFolder();
  const rules = join(root.path, 'etc', 'udev', 'rules.d');
  const process = join(root.path, 'proc', '77');
  for (const folder of [rules, process]) mkdirSync(folder, { recursive: true });
  writeFileSync(join(process, 'comm'), 'ModemManager\n');
  writeFileSync(join(rules, '70-qlhil.rules'), read('fixtures', 'udev', '70-qlhil.rules'));

  expect([await findContenders(root.path), await findContenders(root.path, '0901')]).toEqual([[], []]);
});
