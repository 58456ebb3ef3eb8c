import { describe, expect, test } from '@jest/globals';
import type { RunRecord } from '../report/run-record.ts';
import { sampleFinding, sampleOutcome, sampleRun } from '../report/sample-run.ts';
import type { Observation, ScenarioOutcome } from '../run/outcome.ts';
import { compareWith } from './compare-with.ts';
import type { Comparison } from './comparison.ts';
import { referenceFromRun } from './reference-from-run.ts';

const compare = (old: RunRecord, fresh: RunRecord): Comparison => compareWith(referenceFromRun(old), fresh);
const passes = (scenario: string, difference: Partial<ScenarioOutcome> = {}) =>
  sampleOutcome({ scenario, ...difference });
const fails = (scenario: string, difference: Partial<ScenarioOutcome> = {}) =>
  sampleOutcome({ scenario, outcome: 'fail', findings: [sampleFinding()], ...difference });
const CLAUSE = 'M-10.request-callback';

test('a run does not differ from itself', () => {
  const run = sampleRun([passes('a/1'), fails('a/2'), sampleOutcome({ scenario: 'a/3', outcome: 'skipped' })]);

  expect(compare(run, run)).toMatchObject({
    newFailures: [],
    fixed: [],
    changed: [],
    deviations: [],
    latency: [],
    noVerdict: [],
    onlyInOld: [],
    onlyInNew: [],
    unexercised: [],
    unobserved: [],
    stillFailing: [{ clause: CLAUSE, scenarios: ['a/2'] }],
  });
});

describe('a failure', () => {
  const newIn = (old: ScenarioOutcome[], fresh: ScenarioOutcome[]) =>
    compare(sampleRun(old), sampleRun(fresh)).newFailures.map(({ clause, scenarios }) => [clause, scenarios]);

  test('of several scenarios under one clause is one', () => {
    const found = newIn(
      [passes('a/1'), passes('a/2')],
      [fails('a/1'), fails('a/2', { findings: [sampleFinding({ rule: 'expect:callback' })] })],
    );

    expect(found).toEqual([[CLAUSE, ['a/1', 'a/2']]]);
  });

  test('of several clauses in the same scenarios is one, in different scenarios not', () => {
    const other = sampleFinding({ rule: 'RC-10', clause: 'M-2.returns-promptly' });
    const both = { findings: [sampleFinding(), other] };

    const together = compare(sampleRun([]), sampleRun([fails('a/1', both), fails('a/2', both)])).newFailures;
    const apart = compare(sampleRun([]), sampleRun([fails('a/1', both), fails('a/2')])).newFailures;

    expect(together).toMatchObject([{ clause: CLAUSE, also: ['M-2.returns-promptly'], scenarios: ['a/1', 'a/2'] }]);
    expect(apart.map(({ clause }) => clause)).toEqual([CLAUSE, 'M-2.returns-promptly']);
  });

  test('is new where the scenario failed by something else before', () => {
    const before = fails('a/1', { findings: [sampleFinding({ rule: 'RC-10', clause: 'M-2.returns-promptly' })] });

    expect(newIn([before], [fails('a/1')])).toEqual([[CLAUSE, ['a/1']]]);
  });

  test('is new where the scenario proved nothing before, or was not there', () => {
    const unclear = fails('a/1', { outcome: 'inconclusive' });

    expect(newIn([unclear], [fails('a/1')])).toEqual([[CLAUSE, ['a/1']]]);
    expect(newIn([passes('b/1')], [fails('a/1')])).toEqual([[CLAUSE, ['a/1']]]);
  });

  test('is not new where it was known, by the list or by the run before', () => {
    expect(newIn([fails('a/1')], [fails('a/1')])).toEqual([]);
    expect(newIn([passes('a/1')], [fails('a/1', { outcome: 'known-failure' })])).toEqual([]);
    expect(newIn([fails('a/1', { outcome: 'known-failure' })], [fails('a/1')])).toEqual([]);
  });

  test('of a scenario that was inconclusive is none', () => {
    expect(newIn([passes('a/1')], [fails('a/1', { outcome: 'inconclusive' })])).toEqual([]);
  });

  test('of an inferred clause is a deviation, also where the run was strict', () => {
    const findings = [sampleFinding({ kind: 'inferred', clause: 'INF-1' })];

    const { newFailures, deviations } = compare(sampleRun([passes('a/1')]), sampleRun([fails('a/1', { findings })]));

    expect([newFailures.length, deviations.map(({ clause }) => clause)]).toEqual([0, ['INF-1']]);
  });
});

describe('what was found before is fixed', () => {
  const fixedIn = (fresh: ScenarioOutcome[]) =>
    compare(sampleRun([fails('a/1')]), sampleRun(fresh)).fixed.map(({ clause, scenarios }) => [clause, scenarios]);

  test('when the scenario passes', () => {
    expect(fixedIn([passes('a/1')])).toEqual([[CLAUSE, ['a/1']]]);
  });

  test('not when the scenario did not run, or proved nothing', () => {
    expect(fixedIn([passes('b/1')])).toEqual([]);
    expect(fixedIn([passes('a/1', { outcome: 'inconclusive' })])).toEqual([]);
  });

  test('not when nothing exercised the clause any more', () => {
    const idle = passes('a/1', { clausesExercised: {} });

    expect(fixedIn([idle])).toEqual([]);
    expect(compare(sampleRun([fails('a/1')]), sampleRun([idle])).unexercised).toMatchObject([{ clause: CLAUSE }]);
  });
});

describe('an observation', () => {
  const observed = (...values: Observation['value'][]) =>
    sampleRun([
      passes('a/1', { observations: values.map((value) => ({ clause: 'D-3', name: 'err at a time-out', value })) }),
    ]);

  test('of another value has changed, and both values are told', () => {
    expect(compare(observed(257), observed(-9)).changed).toEqual([
      { clause: 'D-3', name: 'err at a time-out', old: [257], new: [-9], scenarios: ['a/1'] },
    ]);
  });

  test('of fewer values than before has not changed; of more it has', () => {
    expect(compare(observed(257, -9), observed(-9)).changed).toEqual([]);
    expect(compare(observed(-9), observed(257, -9)).changed).toMatchObject([{ old: [-9], new: [257, -9] }]);
  });

  test('of another type has changed, though it reads the same', () => {
    expect(compare(observed('1'), observed(1)).changed).toHaveLength(1);
  });

  test('that is there for the first time has not changed', () => {
    expect(compare(observed(), observed(257)).changed).toEqual([]);
  });

  test('that is gone, though its scenario came to a verdict, is told apart', () => {
    expect(compare(observed(257), observed())).toMatchObject({ changed: [], unobserved: [{ old: [257], new: [] }] });
    expect(compare(observed(257), sampleRun([passes('b/1')])).unobserved).toEqual([]);
  });

  test('of a number has changed only beyond the tolerance that its clause states', () => {
    const timed = (value: number, tolerance?: number) => {
      const clause = { id: 'D-8', source: 'manual 3', says: 'how long', kind: 'characterised' } as const;
      const outcome = passes('a/1', { observations: [{ clause: 'D-8', name: 'time-out, ms', value }] });
      return sampleRun([outcome], { clauses: [tolerance === undefined ? clause : { ...clause, tolerance }] });
    };

    expect(compare(timed(3000, 0.2), timed(3500, 0.2)).changed).toEqual([]);
    expect(compare(timed(3000, 0.2), timed(3700, 0.2)).changed).toHaveLength(1);
    expect(compare(timed(3000), timed(3001)).changed).toHaveLength(1);
  });
});

test('a verdict that is lost is told with its reason, whether the scenario was skipped, unclear or not run', () => {
  const old = sampleRun([passes('a/1'), passes('a/2'), passes('a/3'), passes('a/4')]);
  const fresh = sampleRun(
    [
      passes('a/1', { outcome: 'inconclusive', why: 'the port vanished' }),
      passes('a/2', { outcome: 'skipped', missing: 'power' }),
    ],
    { notRun: [{ scenario: 'a/3', why: 'interrupted' }] },
  );

  const { noVerdict, onlyInOld } = compare(old, fresh);

  expect(noVerdict).toEqual([
    { scenario: 'a/1', was: 'pass', is: 'inconclusive', why: 'the port vanished' },
    { scenario: 'a/2', was: 'pass', is: 'skipped', why: 'power' },
    { scenario: 'a/3', was: 'pass', is: 'not run', why: 'interrupted' },
  ]);
  expect(onlyInOld).toEqual(['a/4']);
});

test('of several rounds of a scenario each finding counts, and one verdict is enough', () => {
  const old = sampleRun([passes('a/1'), passes('a/1')]);
  const fresh = sampleRun([passes('a/1', { outcome: 'inconclusive' }), fails('a/1'), passes('a/1')]);

  const { newFailures, noVerdict } = compare(old, fresh);

  expect([newFailures.length, noVerdict]).toEqual([1, []]);
});
