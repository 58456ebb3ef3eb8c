import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { RunRecord } from '../harness/report/run-record.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const ROOT = join(import.meta.dirname, '..');
/** The firmware is built on first use. */
const BUDGET_MS = 600_000;

const folder = new TemporaryFolder();
const project = join(folder.path, 'project');
afterAll(() => folder[Symbol.dispose]());
beforeAll(installInto, BUDGET_MS);

/** What `npm install <tarball>` makes of an empty project, with this repository's packages in the place of the registry's. */
function installInto(): void {
  // Built already, and other tests run from what the build made.
  const words = ['pack', '--ignore-scripts', '--silent', '--pack-destination', folder.path];
  const tarball = execFileSync('npm', words, { cwd: ROOT, encoding: 'utf8' }).trim().split('\n').at(-1) ?? '';
  const packages = join(project, 'node_modules');
  mkdirSync(join(packages, '.bin'), { recursive: true });
  const installed = join(packages, 'ql-mqtt-hil');
  mkdirSync(installed);
  execFileSync('tar', ['-xzf', join(folder.path, tarball), '-C', installed, '--strip-components=1']);
  for (const name of dependencies(installed)) {
    mkdirSync(join(packages, name, '..'), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules', name), join(packages, name));
  }
  symlinkSync(join('..', 'ql-mqtt-hil', 'dist', 'bin', 'qlhil.js'), join(packages, '.bin', 'qlhil'));
  writeFileSync(join(project, 'package.json'), '{ "name": "project", "private": true }\n');
}

function dependencies(installed: string): readonly string[] {
  const manifest: { readonly dependencies: Readonly<Record<string, string>> } = JSON.parse(
    readFileSync(join(installed, 'package.json'), 'utf8'),
  );
  return Object.keys(manifest.dependencies);
}

function npx(...words: readonly string[]): RunRecord {
  // Offline: what is not installed must not be fetched.
  execFileSync('npx', ['--offline', '--no-install', 'qlhil', ...words], { cwd: project, stdio: 'pipe' });
  return JSON.parse(readFileSync(join(project, 'out', 'latest', 'run.json'), 'utf8'));
}

test(
  'installed into an empty project, `npx qlhil run --module virtual` builds its firmware and passes',
  () => {
    const { exitCode, totals } = npx('run', '--module', 'virtual', '--profile', 'smoke');

    expect([exitCode, totals.fail, totals.pass > 5]).toEqual([0, 0, true]);
  },
  BUDGET_MS,
);

test(
  'a scenario of that project’s own that imports ql-mqtt-hil runs there',
  () => {
    writeFileSync(
      join(project, 'own.scenario.ts'),
      `import { scenario, type Rig } from 'ql-mqtt-hil';

      scenario({
        id: 'own/connects',
        title: 'the module connects',
        clauses: ['M-4.connect-callback'],
        over: ['mqtt', 'mqtts'],
        async run(rig: Rig): Promise<void> {
          const client = rig.client();
          await client.init();
          const connect = await client.connect();
          rig.expect.callback(connect, [0], 'M-4.connect-callback');
          await connect.callback();
        },
      });`,
    );

    const { exitCode, outcomes } = npx('run', 'own.scenario.ts', '--module', 'virtual');

    expect([exitCode, outcomes.map(({ scenario, outcome }) => [scenario, outcome])]).toEqual([
      0,
      [
        ['own/connects@mqtt', 'pass'],
        ['own/connects@mqtts', 'pass'],
      ],
    ]);
  },
  BUDGET_MS,
);

test('the package brings sources of the firmware, fixtures and documents, and no tests, sources or builds of ours', () => {
  const installed = join(project, 'node_modules', 'ql-mqtt-hil');

  expect(readdirSync(installed).toSorted()).toEqual(
    ['LICENSE', 'README.md', 'dist', 'docs', 'firmware', 'fixtures', 'package.json', 'setup.sh'].toSorted(),
  );
  const compiled = readdirSync(join(installed, 'dist'), { recursive: true, encoding: 'utf8' });
  expect(compiled.filter((name) => name.includes('.test.'))).toEqual([]);
});
