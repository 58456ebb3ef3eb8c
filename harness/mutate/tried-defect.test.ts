import { expect, test } from '@jest/globals';
import type { ClauseKind, OutcomeName, ScenarioOutcome } from '../run/outcome.ts';
import { CleanControl } from './clean-control.ts';
import { exitCodeOf, mutateResult } from './mutate-result.ts';
import { findKill } from './tried-defect.ts';

const defect = { name: 'd', clause: 'OWN', family: 'wire', gloss: '' };

function outcome(
  scenario: string,
  clauses: Readonly<Record<string, ClauseKind>>,
  name: OutcomeName = 'fail',
): ScenarioOutcome {
  const identity = { spec: '', sku: '', model: '', revision: '', imei: '', shim: '', sdk: '', features: [] };
  return {
    scenario,
    title: '',
    file: '',
    clauses: [],
    lane: 1,
    module: identity,
    outcome: name,
    attempts: [],
    durationMs: 0,
    findings: Object.entries(clauses).map(([clause, kind]) => ({ rule: 'R', clause, kind, message: '', events: [] })),
    exercised: {},
    clausesExercised: {},
    observations: [],
    measurements: [],
    waitedMs: 0,
  };
}

test('a finding of the clause that is broken counts before an earlier one of another', () => {
  const outcomes = [outcome('a/1', { OTHER: 'specified' }), outcome('a/2', { OWN: 'inferred' }, 'pass')];

  expect(findKill(defect, outcomes, [])).toMatchObject({ scenario: 'a/2', kind: 'inferred', isItsClause: true });
});

test('a finding of another clause kills, and is called that', () => {
  const kill = findKill(defect, [outcome('a/1', { OTHER: 'specified' })], []);

  expect(kill).toMatchObject({ clause: 'OTHER', isItsClause: false });
});

test.each([
  ['one that is only characterised', outcome('a/1', { OWN: 'characterised' }, 'pass'), []],
  ['one of a scenario that came to no verdict', outcome('a/1', { OWN: 'specified' }, 'inconclusive'), []],
  ['one that a clean module is told, too', outcome('a/1', { OWN: 'specified' }), ['a/1 R OWN']],
])('nothing is killed by %s', (_, found, except) => {
  expect(findKill(defect, [found], except)).toBeNull();
});

test('what is found without a defect is a false alarm, and what came to no verdict there is trouble of the rig', () => {
  const control = new CleanControl();
  control.add([outcome('a/1', { X: 'inferred' }, 'pass'), outcome('a/2', { Y: 'specified' }, 'inconclusive')]);

  expect(control.keys).toEqual(['a/1 R X']);
  expect(control.troubles).toEqual(['a/2 without a defect: inconclusive']);
  expect(control.lacking(['a/1', 'a/3', 'a/3'])).toEqual(['a/3']);
});

test.each([
  ['all is seen', {}, 0],
  ['a defect survives', { survives: true }, 1],
  ['there is a false alarm', { alarm: true }, 1],
  ['the rig was in trouble', { troubles: ['no port'] }, 3],
  ['the rig was in trouble and a defect survives', { troubles: ['no port'], survives: true }, 1],
  ['a rule threw and a defect survives', { bugs: ['x'], survives: true }, 4],
])('the exit code when %s', (_, given, exitCode) => {
  const { survives = false, alarm = false, troubles = [], bugs = [] } = { ...NOTHING, ...given };
  const control = new CleanControl();
  if (alarm) control.add([outcome('a/1', { X: 'specified' })]);
  const killedBy = survives ? null : findKill(defect, [outcome('a/1', { OWN: 'specified' })], []);
  const tried = { ...defect, killedBy, told: [], scenarios: 1, durationMs: 1 };

  expect(exitCodeOf(mutateResult([{ defects: [tried], control, troubles, bugs }], undefined))).toBe(exitCode);
});

const NOTHING: { readonly survives?: boolean; readonly alarm?: boolean; troubles?: string[]; bugs?: string[] } = {};
