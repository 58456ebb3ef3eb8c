import { existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makeRun } from './support/made-run.ts';
import { qlhil } from './support/qlhil.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const folder = new TemporaryFolder();
const cwd = folder.path;
const NAMES = ['junit.xml', 'summary.md', 'report.html'];
afterAll(() => folder[Symbol.dispose]());
beforeAll(() => void makeRun(join(cwd, 'run'), { passing: 3, events: 100 }));

const read = (run: string) => NAMES.map((name) => readFileSync(join(cwd, run, name), 'utf8'));

test('renders into the folder of the run what the run itself had rendered, and says where', async () => {
  const before = read('run');
  for (const name of NAMES) rmSync(join(cwd, 'run', name));

  const { exitCode, lines } = await qlhil(['report', 'run'], { cwd });

  expect([exitCode, lines]).toEqual([0, NAMES.map((name) => join('run', name))]);
  expect(read('run')).toEqual(before);
});

test('with --out the run’s own folder is left as it is', async () => {
  rmSync(join(cwd, 'run', 'report.html'));

  const { exitCode, lines } = await qlhil(['report', join('run', 'run.json'), '--out', 'elsewhere'], { cwd });

  expect([exitCode, lines]).toEqual([0, NAMES.map((name) => join('elsewhere', name))]);
  expect(existsSync(join(cwd, 'run', 'report.html'))).toBe(false);
  expect(read('elsewhere')[2]).toContain('id="timeline-0"');
});

test('a run of several kinds has reports of each', async () => {
  mkdirSync(join(cwd, 'kinds'));
  makeRun(join(cwd, 'kinds', '1-a'), { passing: 1, events: 30 });
  makeRun(join(cwd, 'kinds', '2-b'), { passing: 1, events: 30 });

  const { lines } = await qlhil(['report', 'kinds', '--out', 'of-kinds'], { cwd });

  expect(lines).toEqual(['1-a', '2-b'].flatMap((kind) => NAMES.map((name) => join('of-kinds', kind, name))));
});

test('timelines that are gone are no hindrance, and the page says so', async () => {
  makeRun(join(cwd, 'alone'), { passing: 1, events: 30 });
  renameSync(join(cwd, 'alone', 'timelines'), join(cwd, 'kept-elsewhere'));

  const { exitCode } = await qlhil(['report', 'alone'], { cwd });

  expect(exitCode).toBe(0);
  expect(read('alone')[2]).not.toContain('id="timeline-0"');
});

test('what is no run is refused, with the place', async () => {
  const { exitCode, stderr } = await qlhil(['report', 'nowhere'], { cwd });

  expect([exitCode, stderr]).toEqual([2, 'qlhil: nowhere: there is no such folder or file\n']);
});
