import { expect, test } from '@jest/globals';
import { type RunEnding, runExitCode } from './run-exit-code.ts';

const passed: RunEnding = {
  outcomes: ['pass', 'skipped', 'known-failure'],
  notRun: 0,
  harnessProblems: 0,
  healed: 0,
  failingChanges: 0,
  stopped: undefined,
  isFlaky: false,
  failOnFlaky: false,
};

test.each<[string, Partial<RunEnding>, number]>([
  ['passes', {}, 0],
  ['failed by the module, beside rig trouble', { outcomes: ['inconclusive', 'fail'] }, 1],
  ['in which a known failure passed', { healed: 1 }, 1],
  ['with a change that was asked to fail', { failingChanges: 1 }, 1],
  ['inconclusive', { outcomes: ['pass', 'inconclusive'] }, 3],
  ['that lost a scenario', { notRun: 1 }, 4],
  ['in which the harness broke beside a failure', { outcomes: ['fail'], harnessProblems: 1 }, 4],
  ['skipped as a whole', { outcomes: ['skipped'] }, 5],
  ['without a scenario', { outcomes: [] }, 5],
  ['flaky where nobody minds', { isFlaky: true }, 0],
  ['flaky where it matters', { isFlaky: true, failOnFlaky: true }, 6],
  ['ended at the first failure as asked', { outcomes: ['fail'], notRun: 3, stopped: 'bail' }, 1],
  ['that ran out of time', { notRun: 3, stopped: 'max-duration' }, 3],
  ['that filled the disk', { notRun: 3, stopped: 'unwritable' }, 3],
  ['interrupted, with a failure so far', { outcomes: ['fail'], notRun: 3, stopped: 'interrupted' }, 130],
  ['terminated', { outcomes: [], notRun: 3, stopped: 'terminated' }, 143],
])('a run %s ends with its own code', (_, difference, code) => {
  expect(runExitCode({ ...passed, ...difference })).toBe(code);
});
