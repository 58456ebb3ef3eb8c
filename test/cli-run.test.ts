import { existsSync, readdirSync, readFileSync, readlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import type { VirtualModule } from '../harness/bench/virtual-module.ts';
import { ModuleSession } from '../harness/module/session.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import { transportFor } from '../harness/transport/transport-for.ts';
import { Qlhil, qlhil } from './support/qlhil.ts';
import { startVirtual } from './support/start-virtual.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const BUDGET_MS = 120_000;
const folder = new TemporaryFolder();
const cwd = folder.path;
afterAll(() => folder[Symbol.dispose]());
// The first build takes longer than any run.
beforeAll(async () => {
  await buildFirmware('manual');
  await buildFirmware('r03');
}, 600_000);

const scenarioModule = pathToFileURL(join(import.meta.dirname, '..', 'dist', 'harness', 'run', 'scenario.js')).href;

/** A scenario file of a user's own. */
function writeScenario(name: string, body: string): string {
  const path = join(cwd, `${name}.scenario.ts`);
  writeFileSync(path, `import { scenario, type Rig } from '${scenarioModule}';\n${body}`);
  return path;
}

function readRecord(run = join('out', 'latest')): RunRecord {
  return JSON.parse(readFileSync(join(cwd, run, 'run.json'), 'utf8'));
}

describe('a run that passes', () => {
  test(
    'says who the module is, how much passed and where the report is, and leaves a record',
    async () => {
      const { exitCode, stdout } = await qlhil(['run', '--module', 'virtual', '--profile', 'smoke', '--seed', '7'], {
        cwd,
      });

      expect([exitCode, stdout]).toEqual([0, expect.stringContaining('virtual:EG500U-CN')]);
      expect(stdout).toMatch(/^module {3}EG500U-CN EG500UCNABR03A02M08_OCPU /mu);
      expect(stdout).toMatch(/^result {3}passed: \d+ scenarios: \d+ passed, 0 failed/mu);
      expect(stdout).toMatch(/^clauses {2}\d+ of \d+ exercised, 0 violated, \d+ never exercised$/mu);
      const report = /^report {3}(.*)$/mu.exec(stdout)?.[1] ?? '';
      expect(existsSync(report)).toBe(true);
      const record = readRecord();
      expect(record).toMatchObject({ schema: 'qlhil-run/1', seed: 7, exitCode: 0, notRun: [], problems: [] });
      expect(record.totals.pass).toBe(record.totals.scenarios);
      expect(record.module.imei).not.toMatch(/\d{15}/u);
      expect(readdirSync(join(cwd, 'out', 'latest'))).toEqual(
        expect.arrayContaining(['junit.xml', 'outcomes.1.ndjson', 'report.html', 'summary.md', 'timelines']),
      );
      expect(existsSync(join(cwd, 'out', 'latest', 'captures'))).toBe(false);
      for (const { attempts } of record.outcomes) {
        for (const { timeline } of attempts) expect(existsSync(join(cwd, 'out', 'latest', timeline))).toBe(true);
      }
    },
    BUDGET_MS,
  );

  test(
    'is judged the same from its timelines alone',
    async () => {
      const timelines = join(cwd, 'out', 'latest', 'timelines');
      const files = readdirSync(timelines).map((name) => join(timelines, name));

      const { exitCode, stdout } = await qlhil(['check', '--json', ...files], { cwd });

      const verdicts: { scenario: string; outcome: string }[] = JSON.parse(stdout);
      expect(exitCode).toBe(0);
      expect(new Map(verdicts.map(({ scenario, outcome }) => [scenario, outcome]))).toEqual(
        new Map(readRecord().outcomes.map(({ scenario, outcome }) => [scenario, outcome])),
      );
    },
    BUDGET_MS,
  );

  test(
    'the folder of a run stands for its timelines, and one without any is told',
    async () => {
      const whole = await qlhil(['check', '--json', 'out/latest'], { cwd });
      const empty = await qlhil(['check', '.'], { cwd });

      const judged: readonly { readonly scenario: string }[] = JSON.parse(whole.stdout);
      const scenarios = readRecord().outcomes.map(({ scenario }) => scenario);
      expect(judged.map(({ scenario }) => scenario).toSorted()).toEqual(scenarios.toSorted());
      expect(empty).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('there is no timeline') });
    },
    BUDGET_MS,
  );
});

describe('a defect is found by the rule that its clause names:', () => {
  test.each([
    ['publish-callback-lost', 'publish/qos1@mqtt$', 'CB-01', 'M-10.request-callback'],
    ['connect-callback-twice', 'connect/accepted@mqtt$', 'CB-01', 'M-4.connect-callback'],
    ['disconnect-packet-missing', 'disconnect/orderly@mqtt$', 'WF-18', 'M-12.disconnect-packet'],
  ])(
    '%s',
    async (defect, grep, rule, clause) => {
      const words = ['run', '--module', `virtual:EC200U-CN?defect=${defect}`, '--grep', grep];
      const { exitCode, stdout } = await qlhil(words, { cwd });

      expect([exitCode, stdout]).toEqual([1, expect.stringContaining(`${rule} (clause ${clause}, specified)`)]);
      // The stretch of timeline that proves it.
      expect(stdout).toMatch(/^ +► +[\d.]+ ms {2}(?:module|broker)/mu);
    },
    BUDGET_MS,
  );
});

test(
  'with --json, standard output is the record and nothing else',
  async () => {
    const { exitCode, stdout } = await qlhil(['run', '--module', 'virtual', '--grep', 'init/', '--json'], { cwd });

    const record: RunRecord = JSON.parse(stdout);
    expect([exitCode, record.exitCode, record.module.sku]).toEqual([0, 0, 'EG500U-CN']);
    expect(record).toEqual(readRecord());
  },
  BUDGET_MS,
);

test(
  'modules of a kind share the scenarios, another kind runs them all and has a record of its own',
  async () => {
    const kinds = ['--module', 'virtual*2', '--module', 'virtual:EC600U-CN'];
    const { exitCode, stdout } = await qlhil(['run', ...kinds, '--grep', 'qos1', '--out', 'kinds'], { cwd });

    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('EC600U-CN')]);
    const [pair, other] = readdirSync(join(cwd, 'kinds')).toSorted();
    const [first, second] = [readRecord(join('kinds', pair ?? '')), readRecord(join('kinds', other ?? ''))];
    expect(first.lanes.map(({ imei }) => imei)).toEqual([expect.any(String), expect.any(String)]);
    expect(new Set(first.outcomes.map(({ lane }) => lane))).toEqual(new Set([1, 2]));
    expect(first.outcomes.map(({ scenario }) => scenario)).toEqual(second.outcomes.map(({ scenario }) => scenario));
  },
  BUDGET_MS,
);

test(
  'a folder that exists is never written into',
  async () => {
    const { exitCode, stderr } = await qlhil(['run', '--module', 'virtual', '--grep', 'init/', '--out', cwd], { cwd });

    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/exists already; a run never writes over another/u)]);
    expect(existsSync(join(cwd, 'run.json'))).toBe(false);
  },
  BUDGET_MS,
);

test(
  "a user's own scenario in TypeScript runs, and --repeat runs it again",
  async () => {
    const file = writeScenario(
      'own',
      `scenario({
        id: 'own/init',
        title: 'a client can be made',
        clauses: ['M-1.init'],
        run: async (rig: Rig): Promise<void> => void (await rig.client().init()),
      });`,
    );

    const { exitCode, stdout, stderr } = await qlhil(['run', file, '--module', 'virtual', '--repeat', '3'], { cwd });

    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.match(/✓ own\/init/gu)).toHaveLength(3);
    expect(readlinkSync(join(cwd, 'out', 'latest'))).toMatch(/^\d{4}-\d\d-\d\d-\d{6}/u);
  },
  BUDGET_MS,
);

test('a file that does not load is the user’s to mend', async () => {
  const broken = writeScenario('broken', 'throw new Error("not today");');
  const empty = writeScenario('empty', 'export const nothing: unknown = scenario;');

  const [thrown, silent] = await Promise.all(
    [broken, empty].map((file) => qlhil(['run', file, '--module', 'virtual'], { cwd })),
  );

  expect([thrown?.exitCode, thrown?.stderr]).toEqual([2, expect.stringMatching(/broken.*does not load: not today/u)]);
  expect([silent?.exitCode, silent?.stderr]).toEqual([2, expect.stringMatching(/empty.*registers no scenario/u)]);
});

test(
  'what the harness itself breaks is neither the module’s failure nor a pass',
  async () => {
    const file = writeScenario(
      'fatal',
      `scenario({
        id: 'fatal/kills-its-process',
        title: 'the worker dies',
        clauses: [],
        run: async (): Promise<void> => void process.kill(process.pid, 'SIGKILL'),
      });`,
    );

    const { exitCode, stdout } = await qlhil(['run', file, '--module', 'virtual'], { cwd });

    expect([exitCode, stdout]).toEqual([4, expect.stringContaining('the harness broke')]);
    expect(readRecord()).toMatchObject({ exitCode: 4, notRun: [{ scenario: 'fatal/kills-its-process' }] });
  },
  BUDGET_MS,
);

test(
  '--bail ends the run at the first failure and says what did not run',
  async () => {
    const words = ['run', '--module', 'virtual?defect=connect-callback-twice', '--grep', 'publish/qos', '--bail'];
    const { exitCode } = await qlhil(words, { cwd });

    const { totals, notRun } = readRecord();
    expect([exitCode, totals.fail + totals.notRun]).toEqual([1, totals.scenarios]);
    expect(new Set(notRun.map(({ why }) => why))).toEqual(new Set(['the run ended at the first failure (--bail)']));
  },
  BUDGET_MS,
);

test(
  '--max-duration begins nothing after its time and ends with exit code 3, however much passed',
  async () => {
    const words = ['run', '--module', 'virtual', '--grep', 'publish/qos', '--repeat', '500', '--max-duration', '3'];
    const { exitCode } = await qlhil(words, { cwd });

    const { totals, notRun } = readRecord();
    expect([exitCode, totals.fail]).toEqual([3, 0]);
    expect(new Set(notRun.map(({ why }) => why))).toEqual(new Set(['the time was up (--max-duration)']));
  },
  BUDGET_MS,
);

describe('a run that is interrupted', () => {
  const words = ['run', '--module', 'virtual', '--grep', 'publish/qos', '--repeat', '500'];

  test.each<['SIGINT' | 'SIGTERM', number]>([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])(
    'by %s has a complete record up to there and exit code %i',
    async (signal, code) => {
      const started = new Qlhil(words, { cwd });
      await started.printed('✓');

      started.child.kill(signal);

      const { exitCode, stdout } = await started.ended;
      expect([exitCode, stdout]).toEqual([code, expect.stringContaining('no verdict: ended early')]);
      const record = readRecord();
      expect(record.exitCode).toBe(code);
      expect(record.totals.pass).toBeGreaterThan(0);
      expect(record.outcomes).toHaveLength(record.totals.pass);
    },
    BUDGET_MS,
  );

  test(
    'by SIGKILL takes all its processes with it, and the next run starts and clears up',
    async () => {
      const started = new Qlhil(words, { cwd, env: { QLHIL_TEST_MARK: cwd, TMPDIR: cwd } });
      await started.printed('✓');
      expect(processesMarked(cwd)).not.toEqual([]);

      started.child.kill('SIGKILL');
      await started.ended;

      await gone(() => processesMarked(cwd));
      const left = workspaces();
      const next = await qlhil(['run', '--module', 'virtual', '--grep', 'init/creates'], { cwd, env: { TMPDIR: cwd } });
      expect(next.exitCode).toBe(0);
      expect(workspaces().filter((name) => left.includes(name) && existsSync(join(cwd, name, 'tls')))).toEqual([]);
    },
    BUDGET_MS,
  );
});

/** In a folder of their own: other runs of this machine keep theirs in the common one. */
function workspaces(): string[] {
  return readdirSync(cwd).filter((name) => name.startsWith('qlhil-run-'));
}

describe('a module on a TTY', () => {
  let module: VirtualModule;
  beforeAll(async () => {
    module = await startVirtual('virtual:EC600U-CN', { folder: join(cwd, 'bench') });
  });
  afterAll(() => module[Symbol.asyncDispose]());

  test(
    'is recognised by its revision and runs scenarios',
    async () => {
      const { exitCode, stdout } = await qlhil(['run', '--module', module.port, '--grep', 'connect/accepted'], { cwd });

      expect([exitCode, stdout]).toEqual([0, expect.stringMatching(/^module {3}EC600U-CN EC600UCNLBR03A06M08_OCPU/mu)]);
    },
    BUDGET_MS,
  );

  test(
    'is parked when the run is interrupted, and ready again for the next',
    async () => {
      const started = new Qlhil(['run', '--module', module.port, '--grep', 'publish/qos', '--repeat', '500'], { cwd });
      await started.printed('✓');

      started.child.kill('SIGINT');

      const { exitCode, stdout } = await started.ended;
      expect([exitCode, stdout]).toEqual([130, expect.not.stringContaining('could not be parked')]);
      {
        await using session = await ModuleSession.open({ transport: transportFor(module.port) });
        expect((await session.request('network.status', {})).dataCall).toBe(false);
        expect(new Set((await session.request('slots', {})).slots)).toEqual(new Set(['free']));
      }
      const next = await qlhil(['run', '--module', module.port, '--grep', 'connect/accepted@mqtt$'], { cwd });
      expect([next.exitCode, next.stdout]).toEqual([0, expect.stringContaining('1 passed')]);
    },
    BUDGET_MS,
  );
});

/** Processes that inherited the mark in their environment; zombies have none any more. */
function processesMarked(mark: string): string[] {
  return readdirSync('/proc').filter(
    (pid) => /^\d+$/u.test(pid) && environmentOf(pid).includes(`QLHIL_TEST_MARK=${mark}\0`),
  );
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return ''; // it has ended in the meantime
  }
}

/** There is no event for the end of processes that are not ours: look again and again, and let Jest's time-out be the end. */
async function gone(find: () => readonly string[]): Promise<void> {
  while (find().length > 0) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}
