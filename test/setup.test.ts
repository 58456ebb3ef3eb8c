import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { TemporaryFolder } from './support/temporary-folder.ts';

const script = join(import.meta.dirname, '..', 'setup.sh');
const REAL = ['sh', 'env', 'dirname', 'sed', 'cat', 'cksum', 'mktemp', 'rm'];

let folder: TemporaryFolder;
beforeEach(() => {
  folder = new TemporaryFolder();
  mkdirSync(join(folder.path, 'bin'));
  for (const name of REAL) link(name);
  symlinkSync(process.execPath, join(folder.path, 'bin', 'node'));
});
afterEach(() => folder[Symbol.dispose]());

/** A program of the machine, for the script to find. */
function link(name: string): void {
  const path = [`/usr/bin/${name}`, `/bin/${name}`].find((candidate) => existsSync(candidate));
  symlinkSync(path ?? '/bin/false', join(folder.path, 'bin', name));
}

/** A program of the test's own in the place of the machine's. */
function fake(name: string, body: string): void {
  writeFileSync(join(folder.path, 'bin', name), `#!/bin/sh\n${body}\n`, { mode: 0o755 });
}

/** The script sees a Debian on which these packages are missing, and a user who is not root. What it does as root ends up in a log. */
function fakeDebian(missing: readonly string[]): void {
  const log = join(folder.path, 'log');
  fake('id', 'echo 1000');
  fake('dpkg-query', `case " ${missing.join(' ')} " in *" $4 "*) exit 1 ;; esac; echo installed`);
  fake('apt-cache', '[ "$2" != gone-from-this-release ]');
  fake('apt-get', `echo apt-get "$@" >>${log}`);
  fake('sudo', `[ "$1" = -n ] && shift; case "$1" in env) "$@" ;; *) echo "$@" >>${log} ;; esac`);
}

function setup(words: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync('/bin/sh', [script, ...words], {
    encoding: 'utf8',
    env: { PATH: join(folder.path, 'bin'), TMPDIR: folder.path, ...env },
    timeout: 30_000,
  });
  return { status, stdout, stderr };
}

test('nothing is missing: nothing is said', () => {
  fakeDebian([]);

  expect(setup(['arm'])).toEqual({ status: 0, stdout: '', stderr: '' });
});

test('what is missing is named with its reason and installed, and nothing else', () => {
  fakeDebian(['gcc-arm-none-eabi']);

  const { status, stdout } = setup(['arm'], { CI: 'true' });

  expect(status).toBe(0);
  expect(stdout).toMatch(/gcc-arm-none-eabi +cross build/u);
  expect(stdout).not.toMatch(/libnewlib/u);
  expect(readFileSync(join(folder.path, 'log'), 'utf8')).toMatch(
    /^apt-get .* update\napt-get .* --no-install-recommends install gcc-arm-none-eabi\n$/u,
  );
});

test('without apt it names what is missing and installs nothing', () => {
  const { status, stderr } = setup(['arm']);

  expect([status, stderr]).toEqual([1, 'setup: missing: arm-none-eabi-gcc\n']);
});

test('an argument that it does not know ends with exit code 2', () => {
  expect(setup(['everything']).status).toBe(2);
  expect(setup([]).status).toBe(2);
});

test('an old Node is refused with what is needed', () => {
  fakeDebian([]);
  writeFileSync(
    join(folder.path, 'old.cjs'),
    "Object.defineProperty(process, 'versions', { value: { node: '18.19.0' } });",
  );

  const { status, stderr } = setup(['run'], { NODE_OPTIONS: `--require ${join(folder.path, 'old.cjs')}` });

  expect([status, stderr]).toEqual([1, expect.stringMatching(/Node\.js 20\.19 or later is needed/u)]);
});

test('the lock has every optional package, so that npm ci takes it on any platform', () => {
  const lock: Lock = JSON.parse(readFileSync(join(import.meta.dirname, '..', 'package-lock.json'), 'utf8'));

  const wanted = Object.entries(lock.packages).flatMap(([parent, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).map((name) => ({ parent, name })),
  );

  const lacking = wanted.filter(
    ({ parent, name }) =>
      !(`node_modules/${name}` in lock.packages || `${parent}/node_modules/${name}` in lock.packages),
  );
  expect(wanted.length).toBeGreaterThan(0);
  // What mends it: node .ci/complete-lock.mjs
  expect(lacking).toEqual([]);
});

interface Lock {
  readonly packages: Readonly<Record<string, { readonly optionalDependencies?: Readonly<Record<string, string>> }>>;
}
