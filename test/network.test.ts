import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { missingForNetwork } from '../harness/bench/network/missing-for-network.ts';
import { packageRoot } from '../harness/bench/package-root.ts';
import type { VirtualModule } from '../harness/bench/virtual-module.ts';
import type { RunRecord } from '../harness/report/run-record.ts';
import { Qlhil, qlhil } from './support/qlhil.ts';
import { startVirtual } from './support/start-virtual.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const BUDGET_MS = 120_000;
const OWN = 'virtual?network=own';
const folder = new TemporaryFolder();
const cwd = folder.path;
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => buildFirmware('manual'), 600_000);

const lacks = missingForNetwork({ isRoot: process.getuid?.() === 0, path: process.env['PATH'] ?? '' });
const canLay =
  lacks === undefined &&
  canInNamespace('ip link add name one type veth peer name two; echo 1 >/proc/sys/net/ipv4/ip_forward');
const hasQueues =
  canLay &&
  canInNamespace(`
    ip link add name one type veth peer name two
    tc qdisc replace dev one root pfifo limit 0
    tc qdisc replace dev one root tbf rate 64kbit burst 2000 limit 4000`);

/** Tried in namespaces that are gone at once. */
function canInNamespace(script: string): boolean {
  return spawnSync('unshare', ['--net', '--mount', 'sh', '-ec', script]).status === 0;
}

/** Interfaces that lead to modules of whoever else is at work on this machine. */
let ofOthers: ReadonlySet<string> = new Set();
beforeAll(() => {
  ofOthers = new Set(interfaces());
});

function readRecord(): RunRecord {
  return JSON.parse(readFileSync(join(cwd, 'out', 'latest', 'run.json'), 'utf8'));
}

function interfaces(): readonly string[] {
  return readdirSync('/sys/class/net').filter((name) => name.startsWith('qlhil') && !ofOthers.has(name));
}

function pidOf({ network }: VirtualModule): number {
  if (network === undefined) throw new TypeError('the module has no network of its own');
  return network.pid;
}

/** Nothing is sent into its black hole. */
const IDLE = `
  import { scenario } from '${pathToFileURL(join(packageRoot, 'dist', 'harness', 'run', 'scenario.js')).href}';
  scenario({
    id: 'idle/black-hole',
    title: 'nothing happens',
    clauses: [],
    needs: ['network-black-hole'],
    async run(rig) {
      await using hole = await rig.network.blackHole();
    },
  });`;

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) {
    await new Promise((resolve) => {
      setTimeout(resolve, 20);
    });
  }
}

/** All of them try for the same addresses first. */
function startOwn(name: string): Promise<VirtualModule> {
  return startVirtual(OWN, { folder: join(cwd, name), copy: 1 });
}

(hasQueues ? describe : describe.skip)('on a machine that can lay networks and trouble them', () => {
  test(
    'the scenarios of the network pass, and what needs a name or a certificate, on a module with a network of its own',
    async () => {
      const grep = '^network/|^connect-url/by-name|^tls-verify/server-name';
      const { exitCode, stdout } = await qlhil(['run', '--module', OWN, '--grep', grep], { cwd });

      expect([exitCode, stdout]).toEqual([0, expect.stringContaining('0 failed')]);
      const { outcomes } = readRecord();
      const ofNetwork = outcomes.filter(({ scenario }) => scenario.startsWith('network/'));
      expect(ofNetwork.length).toBeGreaterThanOrEqual(5);
      expect(new Set(ofNetwork.map(({ outcome }) => outcome))).toEqual(new Set(['pass']));
      expect(new Set(outcomes.map(({ scenario, outcome }) => `${scenario} ${outcome}`))).toContain(
        'connect-url/by-name@mqtts pass',
      );
      await until(() => interfaces().length === 0);
    },
    BUDGET_MS,
  );

  test(
    'a fault that acted on nothing is no verdict on the module',
    async () => {
      const path = join(cwd, 'idle.scenario.ts');
      writeFileSync(path, IDLE);

      const { exitCode } = await qlhil(['run', path, '--module', OWN], { cwd });

      const why = 'fault black hole up and down (1) was armed and never fired';
      expect([exitCode, readRecord().outcomes.map(({ attempts }) => attempts.map((attempt) => attempt.why))]).toEqual([
        3,
        [[why, why]],
      ]);
    },
    BUDGET_MS,
  );
});

(canLay ? describe : describe.skip)('on a machine that can lay networks', () => {
  test(
    'modules of several command lines have networks of their own, and none is left after kill -9 of anybody',
    async () => {
      await using first = await startOwn('first');
      await using second = await startOwn('second');
      const run = new Qlhil(['run', '--module', 'virtual*2?network=own', '--grep', '^init/', '--repeat', '500'], {
        cwd,
      });
      await run.printed('✓');
      const together = interfaces();

      run.child.kill('SIGKILL');
      await run.ended;
      await until(() => interfaces().length === 2);
      for (const module of [first, second]) process.kill(pidOf(module), 'SIGKILL');
      await until(() => interfaces().length === 0);

      expect(first.network?.host).not.toBe(second.network?.host);
      expect(together).toHaveLength(4);
    },
    BUDGET_MS,
  );
});

(canLay ? describe.skip : describe)('on a machine that can not lay networks', () => {
  test(
    'network=own says what is missing',
    async () => {
      const { exitCode, stderr } = await qlhil(['run', '--module', OWN, '--grep', '^network/'], { cwd });

      expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/network=own|network of its own/u)]);
    },
    BUDGET_MS,
  );
});

(canLay ? describe : describe.skip)('where even root may not make namespaces', () => {
  test(
    'network=own says what that takes',
    () => {
      const program = join(packageRoot, 'dist', 'bin', 'qlhil.js');
      const words = [
        '--bounding-set=-sys_admin',
        process.execPath,
        program,
        'run',
        '--module',
        OWN,
        '--grep',
        '^init/',
      ];
      const { status, stderr } = spawnSync('setpriv', words, { cwd, encoding: 'utf8' });

      expect([status, stderr]).toEqual([2, expect.stringMatching(/network=own: .*not permitted.*CAP_SYS_ADMIN/su)]);
    },
    BUDGET_MS,
  );
});

test(
  'on the loopback the scenarios of the network are skipped, with what is missing',
  async () => {
    const { exitCode } = await qlhil(['run', '--module', 'virtual', '--grep', '^network/'], { cwd });

    const missing = readRecord().outcomes.map((outcome) => outcome.missing);
    expect([exitCode, new Set(missing)]).toEqual([5, new Set(['network-black-hole', 'network-slow'])]);
  },
  BUDGET_MS,
);

test(
  'network=own without root or tools is refused with a sentence that says so',
  async () => {
    const { exitCode, stderr } = await qlhil(['run', '--module', OWN, '--grep', '^init/'], {
      cwd,
      env: { PATH: '/nowhere' },
    });

    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringMatching(/network=own: (?:it takes root|there is no ip, tc)/u),
    ]);
  },
  BUDGET_MS,
);
