import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { buildFirmware } from '../harness/bench/firmware-build.ts';
import { sampleOutcome } from '../harness/report/sample-run.ts';
import { logOutcome } from '../harness/run/outcome-log.ts';
import { writeAtomically } from '../harness/run/write-atomically.ts';
import { readRun } from './support/kill-trial.ts';
import { qlhil } from './support/qlhil.ts';
import { TemporaryFolder } from './support/temporary-folder.ts';

const BUDGET_MS = 120_000;
/** Some scenarios' worth. */
const DISK_BYTES = 400 * 1024;
const folder = new TemporaryFolder();
const disk = join(folder.path, 'disk');
const isMounted = mountDisk();

beforeAll(() => buildFirmware('manual'), 600_000);
afterAll(() => {
  if (isMounted) execFileSync('umount', ['--lazy', disk]);
  folder[Symbol.dispose]();
});

/** Takes root, and a container that may. */
function mountDisk(): boolean {
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK_BYTES}`, 'tmpfs', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

(isMounted ? describe : describe.skip)('on a disk that is full', () => {
  test(
    'a run whose disk is full ends with exit code 3 and says what to do, and what it has recorded is readable',
    async () => {
      const words = ['run', '--module', 'virtual', '--grep', '^publish/', '--repeat', '500', '--out'];

      const { exitCode, stdout, stderr } = await qlhil([...words, join(disk, 'record')], { cwd: folder.path });

      expect({ exitCode, stderr }).toMatchObject({
        exitCode: 3,
        stderr: expect.stringMatching(
          /^qlhil: the record can not be written \(.*ENOSPC.*\): make room, and run again/u,
        ),
      });
      expect(stdout).not.toMatch(/bug/u);
      const { unreadable, outcomes, hasRecord } = await readRun(join(disk, 'record'));
      expect({ unreadable, hasRecord }).toEqual({ unreadable: [], hasRecord: false });
      expect(outcomes).toBeGreaterThan(0);
    },
    BUDGET_MS,
  );

  test('a file that does not fit leaves what was there before, and nothing beside it', () => {
    const path = join(disk, 'run.json');
    const small = 'there before';
    // Whatever the run before has left.
    execFileSync('rm', ['-rf', join(disk, 'record')]);
    writeAtomically(path, small);

    expect(() => writeAtomically(path, 'x'.repeat(2 * DISK_BYTES))).toThrow(/^the record can not be written/u);

    expect(readFileSync(path, 'utf8')).toBe(small);
    expect(execFileSync('ls', [disk], { encoding: 'utf8' })).toBe('run.json\n');
  });
});

test('an outcome that the disk does not take is no outcome, and the error names the file', () => {
  symlinkSync('/dev/full', join(folder.path, 'outcomes.1.ndjson'));

  expect(() => logOutcome(folder.path, 1, sampleOutcome())).toThrow(
    /^the record can not be written \(.*outcomes\.1\.ndjson: ENOSPC/u,
  );
});
