import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { Qlhil, qlhil } from './support/qlhil.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const BUDGET_MS = 30_000;
let folder = new TemporaryFolder();
let binary = '';
beforeAll(async () => {
  binary = await buildFirmware('r03');
}, 600_000);
beforeEach(() => {
  folder = new TemporaryFolder();
});
afterEach(() => folder[Symbol.dispose]());

const options = () => ({ cwd: folder.path, env: { QLHIL_LOCK_DIR: join(folder.path, 'locks') } });
const run = (...words: readonly string[]) => qlhil(words, options());

test(
  'devices and doctor tell programs what is plugged in, and whether it is fit for a run',
  async () => {
    const home = join(folder.path, 'module');
    const supervisor = spawn(binary, ['--dir', home, '--sku', 'EC200U-CN'], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(supervisor.stdout, 'data');

    const devices = await run('devices', '--json', '--root', home);
    const doctor = await run('doctor', '--json', '--root', home);
    supervisor.stdin.end();
    await once(supervisor, 'close');

    expect(devices.exitCode).toBe(0);
    expect(JSON.parse(devices.stdout)).toMatchObject([
      { kind: 'module', usbPath: '1-1', identity: { sku: 'EC200U-CN' } },
    ]);
    const states: readonly { readonly check: string; readonly state: string }[] = JSON.parse(doctor.stdout);
    expect(states.filter(({ state }) => state !== 'good')).toEqual([]);
    expect(doctor.exitCode).toBe(0);
  },
  BUDGET_MS,
);

test(
  'the first hour of a virtual module is told to programs, ends with 3 where a fact does not hold, and keeps its transcript',
  async () => {
    const words = ['doctor', '--module', 'virtual:EC200U-CN?set.datacall=refused', '--bringup', '--transcript', 'kept'];
    const first = await run(...words, '--json');
    const again = await run(...words);

    const told: { facts: { id: string; holds: boolean }[]; notLookedAt: string[] } = JSON.parse(first.stdout);
    expect(first.exitCode).toBe(3);
    expect(told.facts.at(-1)).toMatchObject({ id: 'data-call', holds: false });
    expect(told.notLookedAt.slice(0, 2)).toEqual(['date', 'way']);
    expect(readFileSync(join(folder.path, 'kept'), 'utf8')).toMatch(
      /^\{"k":"header".*\n.*"k":"fact","id":"data-call"/su,
    );
    expect([again.exitCode, again.stderr]).toEqual([2, expect.stringMatching(/kept'?; name a fresh file/u)]);
  },
  BUDGET_MS,
);

/** Ports that the broker listened on, by a timeline. */
function portsIn(timeline: string): readonly number[] {
  return [...timeline.matchAll(/"k":"listener".*?"port":(\d+)/gu)].map(([, port]) => Number(port));
}

/** An address of this machine that is not loopback, as a module on a bench has. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ family, internal }) => family === 'IPv4' && !internal)?.address;

(outside === undefined ? test.skip : test)(
  'a module that comes from another address than this machine is no stranger to its own run, at one of the ports that were named',
  async () => {
    const home = join(folder.path, 'module');
    const supervisor = spawn(binary, ['--dir', home, '--sku', 'EC200U-CN'], { stdio: ['pipe', 'pipe', 'inherit'] });
    await once(supervisor.stdout, 'data');
    const words = [
      '--module',
      join(home, 'dev', 'ttyUSB3'),
      '--broker-host',
      outside ?? '',
      '--listen',
      '0.0.0.0:20000-20099',
    ];

    const ended = await run('run', ...words, '--grep', '^publish/qos1@', '--out', 'out', '--json');
    supervisor.stdin.end();
    await once(supervisor, 'close');

    const timelines = readdirSync(join(folder.path, 'out', 'timelines'));
    const ports = timelines.flatMap((name) =>
      portsIn(readFileSync(join(folder.path, 'out', 'timelines', name), 'utf8')),
    );
    // oxlint-disable-next-line jest/no-standalone-expect -- it stands in a test, or in none on a machine without a network
    expect([ended.exitCode, JSON.parse(ended.stdout).totals]).toMatchObject([0, { scenarios: 2, pass: 2 }]);
    // oxlint-disable-next-line jest/no-standalone-expect -- as above
    expect([ports.length, ports.filter((port) => port < 20_000 || port > 20_099)]).toEqual([2, []]);
  },
  2 * BUDGET_MS,
);

test('where nothing is plugged in, devices ends with 5 and doctor with 3', async () => {
  const devices = await run('devices', '--root', folder.path);
  const doctor = await run('doctor', '--root', folder.path);

  expect([devices.exitCode, doctor.exitCode]).toEqual([5, 3]);
  expect(doctor.stdout).toMatch(/✗ usb +no module\n +to mend it: plug a module in/u);
});

test(
  'a module that is held by hand is locked for a run, and free when it is released',
  async () => {
    const port = join(folder.path, 'port');
    writeFileSync(port, '');
    const holder = new Qlhil(['lock', 'hold', '--module', port, '--why', 'debugging'], options());
    await holder.printed('is yours until');

    const runWhileHeld = await run('run', '--module', port);
    const statusWhileHeld = await run('lock', 'status', '--module', port);
    const release = await run('lock', 'release', '--module', port);

    expect(runWhileHeld.exitCode).toBe(7);
    expect(runWhileHeld.stderr).toMatch(/is locked by .*: debugging\n$/u);
    expect([statusWhileHeld.exitCode, release.exitCode, (await holder.ended).exitCode]).toEqual([7, 0, 0]);
    expect((await run('lock', 'status', '--module', port)).exitCode).toBe(0);
  },
  BUDGET_MS,
);

test('a module is locked by its name in bench.yaml, as runs lock it; an unknown name is refused', async () => {
  writeFileSync(join(folder.path, 'bench.yaml'), 'modules:\n  - name: lab\n    usb: "99-9.1"\n');

  const known = await run('lock', 'status', '--module', 'lab');
  const unknown = await run('lock', 'status', '--module', 'labb');

  expect([known.exitCode, known.stdout]).toEqual([0, '99-9.1 is free\n']);
  expect([unknown.exitCode, unknown.stderr]).toEqual([2, expect.stringMatching(/'labb' is no port/u)]);
});

test(
  'a hold that is killed leaves the module free',
  async () => {
    const holder = new Qlhil(['lock', 'hold', '--module', 'tcp:lab:4000'], options());
    await holder.printed('is yours until');

    holder.child.kill('SIGKILL');
    await holder.ended;

    expect((await run('lock', 'status', '--module', 'tcp:lab:4000')).exitCode).toBe(0);
  },
  BUDGET_MS,
);

test('a name of bench.yaml whose place is empty ends with exit code 3, a broken bench.yaml with 2 and its line', async () => {
  const path = join(folder.path, 'bench.yaml');
  writeFileSync(path, 'modules:\n  - name: lab\n    usb: "99-9"\n');
  const empty = await run('run', '--module', 'lab');
  writeFileSync(path, 'modules:\n  - name: lab\n    usb: nowhere\n');
  const broken = await run('run', '--module', 'lab');

  expect([empty.exitCode, empty.stderr]).toEqual([3, 'qlhil: lab: nothing is plugged in at 99-9\n']);
  expect([broken.exitCode, broken.stderr]).toEqual([
    2,
    expect.stringMatching(/^qlhil: bench\.yaml:3: modules\.0\.usb/u),
  ]);
});
