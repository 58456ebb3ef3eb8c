import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isFailure } from '../../errors.ts';
import { BootExplainer } from './boot-explainer.ts';
import { spendWear } from './wear-budget.ts';
import { HOUR_MS, type Wear, WearLog } from './wear-log.ts';

let folder = '';
let path = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'qlhil-test-'));
  path = join(folder, 'wear');
});
afterEach(() => rmSync(folder, { recursive: true }));

const OTHER_PID = 1;

/** As another process writes it, so long ago. */
function noted(by: Wear['by'], agoMs = 0): void {
  appendFileSync(path, `${JSON.stringify({ atMs: Date.now() - agoMs, pid: OTHER_PID, by, why: 'w' })}\n`);
}

const failureOf = (act: () => void): unknown => {
  try {
    act();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
};

test('resets are counted over the last hour, by whomever, and a data call is none', () => {
  noted('pin', HOUR_MS + 1000);
  noted('power', HOUR_MS / 2);
  noted('data-call');
  const log = new WearLog(path);
  const budget = { resetsAnHour: 2, attachesAnHour: 9 };

  expect(failureOf(() => spendWear(log, budget, 'reset'))).toBeUndefined();
  log.note('rpc', 'one more');
  const failure = failureOf(() => spendWear(log, budget, 'reset'));

  expect(isFailure(failure, 'WEAR_BUDGET_SPENT') && failure.data).toEqual({ budget: 'resetsAnHour', limit: 2 });
  const nextAt = new Date(Date.now() + HOUR_MS / 2).toISOString().slice(0, 15);
  expect(isFailure(failure, 'WEAR_BUDGET_SPENT') && failure.message).toContain(`the next may be at ${nextAt}`);
});

test('every reset attaches, too, and attaches have a budget of their own', () => {
  noted('pin');
  noted('data-call');
  const budget = { resetsAnHour: 9, attachesAnHour: 2 };

  expect(failureOf(() => spendWear(new WearLog(path), budget, 'attach'))).toMatchObject({
    data: { budget: 'attachesAnHour' },
  });
  expect(failureOf(() => spendWear(new WearLog(path), budget, 'reset'))).toMatchObject({
    data: { budget: 'attachesAnHour' },
  });
});

test('a budget of none allows none', () => {
  expect(failureOf(() => spendWear(new WearLog(path), { resetsAnHour: 0, attachesAnHour: 9 }, 'reset'))).toMatchObject({
    code: 'WEAR_BUDGET_SPENT',
  });
});

test('pruning keeps the last hour, and a line that was cut short harms nothing', () => {
  noted('pin', HOUR_MS + 1000);
  noted('power');
  appendFileSync(path, '{"atMs": 17');

  new WearLog(path).prune();

  expect(readFileSync(path, 'utf8').trim().split('\n')).toHaveLength(1);
  expect(new WearLog(path).read()).toMatchObject([{ by: 'power' }]);
});

test('a reset from outside explains one start, of the cause that it has', () => {
  noted('pin');
  const explainer = new BootExplainer(new WearLog(path));

  expect(explainer.explain('panic')).toBeUndefined();
  expect(explainer.explain('software-reset')).toBeUndefined();
  expect(explainer.explain('pin-reset')).toBe('by pin: w');
  expect(explainer.explain('pin-reset')).toBeUndefined();
});

test('what was done long ago explains nothing', () => {
  noted('power', 130_000);

  expect(new BootExplainer(new WearLog(path)).explain('power-key')).toBeUndefined();
});

test('what another run did by AT explains nothing here', () => {
  noted('at');

  expect(new BootExplainer(new WearLog(path)).explain('software-reset')).toBeUndefined();
});

test.each(['panic', 'watchdog'])('no reset of ours explains a start after %s', (cause) => {
  const explainer = new BootExplainer(new WearLog(path));
  explainer.expect('at', 'w');
  explainer.expect('power', 'w');

  expect(explainer.explain(cause)).toBeUndefined();
});
