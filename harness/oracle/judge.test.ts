import { expect, test } from '@jest/globals';

import type { ClauseKind } from '../run/outcome.ts';
import { createJudge } from './judge.ts';
import { rule } from './rule.ts';
import { oneCallback } from './rules/cb-01-one-callback.ts';
import { returnsListedCode } from './rules/rc-01-returns-listed-code.ts';
import { statusIsListed } from './rules/rc-03-status-is-listed.ts';
import { kept, undecided } from './step.ts';
import { connectedTrace, initialisedTrace, judgeTrace, TRACE_HEADER, Trace } from './trace-builder.ts';

const WRONG_CODE = initialisedTrace().call(10, 'publish', 2, 7);

function judged(kind: ClauseKind | undefined, strict: boolean) {
  const judge = createJudge(TRACE_HEADER, [returnsListedCode], () => kind, { strict });
  for (const event of WRONG_CODE.events) judge.see(event);
  judge.see({ n: 99, at: 100, src: 'host', k: 'phase', phase: 'end' });
  return judge.end();
}

test('a finding of a specified clause fails, and so does one of a clause that nobody knows', () => {
  expect(judged('specified', false).outcome).toBe('fail');
  expect(judged(undefined, false).outcome).toBe('fail');
});

test('a deviation passes, and fails when the run is strict', () => {
  expect(judged('inferred', false)).toMatchObject({ outcome: 'pass', findings: [{ kind: 'inferred' }] });
  expect(judged('inferred', true).outcome).toBe('fail');
});

test('a characterised clause fails nobody, strict or not', () => {
  expect(judged('characterised', true).outcome).toBe('pass');
});

test('rules that were not exercised are listed with zero', () => {
  const { exercised } = judgeTrace([returnsListedCode, statusIsListed], initialisedTrace());

  expect(exercised).toEqual({ 'RC-01': 1, 'RC-03': 0 });
});

test('a timeline without its end is inconclusive', () => {
  const judge = createJudge(TRACE_HEADER, [], () => 'specified');
  for (const event of connectedTrace().events) judge.see(event);

  expect(judge.end()).toMatchObject({ outcome: 'inconclusive', why: expect.stringContaining('breaks off') });
});

test('trouble makes a clean scenario inconclusive and hides no failure', () => {
  const trouble = { k: 'trouble', what: 'the port vanished' };

  expect(judgeTrace([returnsListedCode], initialisedTrace().host(5, trouble))).toMatchObject({
    outcome: 'inconclusive',
    why: 'the port vanished',
  });
  expect(judgeTrace([returnsListedCode], initialisedTrace().call(4, 'publish', 2, 7).host(5, trouble))).toMatchObject({
    outcome: 'fail',
    troubles: ['the port vanished'],
  });
});

test.each([
  ['the host', 'overflow'],
  ['the module', 'lost'],
] as const)('events lost, told by %s, make even a finding inconclusive', (_, k) => {
  const trace = initialisedTrace().call(4, 'publish', 2, 7);
  const counts = { inpub: 3 };
  const lost = k === 'overflow' ? trace.host(5, { k, counts }) : trace.module(5, { k, counts });

  expect(judgeTrace([returnsListedCode], lost)).toMatchObject({
    outcome: 'inconclusive',
    why: 'the module lost events: 3 inpub',
  });
});

test('a fault or a gate that was armed and never fired makes the scenario inconclusive, counting gates excepted', () => {
  const fault = (act: string) => ({ k: 'fault', fault: 'rst', act });
  const gate = (verb: string, act: string) => ({ k: 'gate', gate: 'g', verb, act, count: 0 });

  expect(judgeTrace([], new Trace().broker(1, fault('armed'))).why).toBe('fault rst was armed and never fired');
  expect(judgeTrace([], new Trace().broker(1, gate('hold', 'armed'))).why).toBe(
    'gate g (hold) was armed and never fired',
  );
  expect(judgeTrace([], new Trace().broker(1, gate('count', 'armed'))).outcome).toBe('pass');
  expect(judgeTrace([], new Trace().broker(1, fault('armed')).broker(2, fault('fired'))).outcome).toBe('pass');
});

test('observations, grouped measurements and the time inside waits are in the verdict', () => {
  const trace = new Trace()
    .host(0, { k: 'observe', clause: 'D-8', name: 'connack wait', value: 5 })
    .host(1, { k: 'measure', name: 'connect', unit: 'ms', value: 10 })
    .host(2, { k: 'measure', name: 'connect', unit: 'ms', value: 12 })
    .host(3, { k: 'wait', reason: 'x', budgetMs: 100, takenMs: 40, ok: true })
    .host(4, { k: 'wait', reason: 'y', budgetMs: 100, takenMs: 2.5, ok: false });

  expect(judgeTrace([], trace)).toMatchObject({
    observations: [{ clause: 'D-8', name: 'connack wait', value: 5 }],
    measurements: [{ name: 'connect', unit: 'ms', samples: [10, 12] }],
    waitedMs: 42.5,
    clausesExercised: { 'D-8': 1 },
  });
});

test('a host-side deadline passes with the clock of the host, without a word of the module', () => {
  const silence = rule<number, 'tcp-open'>({
    id: 'X-01',
    clause: 'x',
    says: 'x',
    on: ['tcp-open'],
    key: () => '',
    step: (_, { event }) => undecided(event.at + 100),
    deadline: (dueMs) => dueMs,
    expire: () => kept(),
  });

  expect(judgeTrace([silence], new Trace().open(0).close(101, 'module')).exercised).toEqual({ 'X-01': 1 });
  expect(judgeTrace([silence], new Trace().open(0).close(100, 'module')).exercised).toEqual({ 'X-01': 0 });
});

test('the clock uncertainty in force is the newest that was measured', () => {
  const waiting = () => connectedTrace().call(40, 'publish', 7, -2, { topic: 'a', payload: 'b', qos: 1 });
  const uncertain = waiting().host(50, { k: 'clock', offsetMs: 0, epsilonMs: 500, driftPpm: 0 });

  expect(judgeTrace([oneCallback], waiting().sync(1100)).findings).toHaveLength(1);
  expect(judgeTrace([oneCallback], uncertain.sync(1100)).findings).toEqual([]);
});

test('a rule that throws is told as a bug, and the others go on', () => {
  const broken = rule({
    id: 'X-02',
    clause: 'x',
    says: 'x',
    on: ['ret'],
    key: () => '',
    step: () => {
      throw new RangeError('oops');
    },
  });

  const verdict = judgeTrace([broken, returnsListedCode], initialisedTrace());

  expect(verdict.bugs).toEqual(['rule X-02: oops']);
  expect(verdict.exercised['RC-01']).toBe(1);
});

test('an expectation that nobody knows is a bug, not a pass', () => {
  const trace = new Trace().host(0, { k: 'expect', predicate: 'nope', params: {}, clause: 'x' });

  expect(judgeTrace([], trace).bugs).toHaveLength(1);
});

test('findings of one rule are bounded and the rest is counted', () => {
  const trace = new Trace();
  for (let token = 1; token <= 150; token++) trace.call(token, 'publish', token, 7);

  const { findings, troubles } = judgeTrace([returnsListedCode], trace);

  expect(findings).toHaveLength(100);
  expect(findings.at(-1)?.message).toContain('(and 50 more of RC-01)');
  expect(troubles).toEqual([]);
});
