import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, expect, test } from '@jest/globals';
import { packageRoot } from '../harness/bench/package-root.ts';
import type { VirtualModule } from '../harness/bench/virtual-module.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import { qlhil } from './support/qlhil.ts';
import { startVirtual } from './support/start-virtual.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

/** A module that crashes while no scenario runs, in a whole run. */

const BUDGET_MS = 120_000;
const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

/** A file with a scenario that passes; the module crashes when the file is over, and is back before the next one begins. */
function writeScenario(name: string, { port }: VirtualModule): string {
  const path = join(folder.path, `${name}.scenario.ts`);
  const scenarioModule = pathToFileURL(join(packageRoot, 'dist', 'harness', 'run', 'scenario.js')).href;
  writeFileSync(
    path,
    `import { existsSync, readlinkSync, writeFileSync } from 'node:fs';
    import { scenario, type Rig } from '${scenarioModule}';

    scenario({
      id: '${name}/passes',
      title: 'a client is made and released',
      clauses: [],
      async run(rig: Rig): Promise<void> {
        const client = rig.client();
        await client.init();
        await client.deinit();
      },
    });

    // Without Jest, as when the scenarios are listed, there is none.
    globalThis.afterAll?.(async () => {
      const before = readlinkSync('${port}');
      writeFileSync('${join(folder.path, 'module', 'control')}', 'kill\\n');
      while (!existsSync('${port}') || readlinkSync('${port}') === before) {
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    });`,
  );
  return path;
}

test(
  'a crash between two files and one after the last fail the run, and name the scenario that they came after',
  async () => {
    await using virtual = await startVirtual('virtual', { folder: join(folder.path, 'module') });
    const files = [writeScenario('a', virtual), writeScenario('b', virtual)];

    const { exitCode, stdout } = await qlhil(['run', ...files, '--module', virtual.port, '--out', 'record'], {
      cwd: folder.path,
    });

    const record: RunRecord = JSON.parse(readFileSync(join(folder.path, 'record', 'run.json'), 'utf8'));
    const { outcomes, problems, notRun } = record;
    const told = outcomes.map(({ scenario, outcome, findings }) => [scenario, outcome, findings[0]?.message]);
    // Jest orders the files as it likes.
    const [first, second] = outcomes[0]?.outcome === 'pass' ? ['a/passes', 'b/passes'] : ['b/passes', 'a/passes'];
    const crash = (after: string) =>
      `the module started again unannounced after ${after} had ended, before this scenario began, cause panic`;
    expect({ exitCode, problems, notRun }).toEqual({ exitCode: 1, problems: [], notRun: [] });
    expect(told).toHaveLength(3);
    expect(told).toEqual(
      expect.arrayContaining([
        [first, 'pass', undefined],
        [second, 'fail', crash(first)],
        ['run/after-the-last-scenario', 'fail', crash(second)],
      ]),
    );
    expect(stdout).toMatch(/✗ run\/after-the-last-scenario/u);
  },
  BUDGET_MS,
);
