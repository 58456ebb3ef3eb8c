import { expect, test } from '@jest/globals';
import type { Attempt, OutcomeName } from '../run/outcome.ts';
import { sampleFinding, sampleOutcome, sampleRun } from './sample-run.ts';

const attempt = (number: number, outcome: OutcomeName): Attempt => ({
  attempt: number,
  outcome,
  durationMs: 1,
  timeline: `timelines/x.${number}.ndjson`,
  findings: [],
});

test('outcomes come out by scenario, whichever lane was first', () => {
  const run = sampleRun([sampleOutcome({ scenario: 'b/x', lane: 2 }), sampleOutcome({ scenario: 'a/x' })]);

  expect(run.outcomes.map(({ scenario }) => scenario)).toEqual(['a/x', 'b/x']);
});

test('a clause that nothing exercised is in the coverage with zeros', () => {
  const { coverage } = sampleRun([sampleOutcome()]);

  expect(coverage).toMatchObject([
    { clause: 'M-10.request-callback', exercised: 2, violated: 0 },
    { clause: 'M-12.disconnect-packet', exercised: 0, violated: 0 },
  ]);
});

test('a finding of a clause that is not listed is covered all the same, with its kind', () => {
  const findings = [sampleFinding({ clause: 'USER-1', kind: 'inferred' })];

  const { coverage } = sampleRun([sampleOutcome({ findings })]);

  expect(coverage.at(-1)).toMatchObject({ clause: 'USER-1', kind: 'inferred', violated: 1, says: '' });
});

test('each rule is listed with how often it was exercised and what it found', () => {
  const { rules } = sampleRun([sampleOutcome({ findings: [sampleFinding()] }), sampleOutcome({ scenario: 'a/b' })]);

  expect(rules).toEqual([
    { rule: 'CB-01', exercised: 4, found: 1 },
    { rule: 'CB-05', exercised: 0, found: 0 },
  ]);
});

test('samples of one measurement are brought together', () => {
  const measurements = [{ name: 'connect', unit: 'ms', samples: [1] }];

  const run = sampleRun([sampleOutcome({ measurements }), sampleOutcome({ scenario: 'a/b', measurements })]);

  expect(run.measurements).toEqual([
    {
      name: 'connect',
      unit: 'ms',
      samples: [1, 1],
      scenarios: [
        { scenario: 'a/b', samples: 1 },
        { scenario: 'publish/qos1@mqtt', samples: 1 },
      ],
    },
  ]);
});

test('totals count each outcome once, deviations by finding, and what did not run', () => {
  const { totals } = sampleRun(
    [
      sampleOutcome({ scenario: 'a/1', findings: [sampleFinding({ kind: 'inferred' })] }),
      sampleOutcome({ scenario: 'a/2', outcome: 'fail', findings: [sampleFinding()] }),
      sampleOutcome({ scenario: 'a/3', outcome: 'skipped', missing: 'setopt' }),
      sampleOutcome({ scenario: 'a/4', outcome: 'known-failure' }),
      sampleOutcome({ scenario: 'a/5', outcome: 'inconclusive' }),
    ],
    { notRun: [{ scenario: 'a/6', why: 'interrupted' }] },
  );

  expect(totals).toEqual({
    scenarios: 6,
    pass: 1,
    fail: 1,
    inconclusive: 1,
    knownFailure: 1,
    skipped: 1,
    notRun: 1,
    deviations: 1,
    flaky: 0,
  });
});

test('a scenario is flaky when its attempts differ, within a round or between repeats', () => {
  const { totals } = sampleRun([
    sampleOutcome({ scenario: 'a/within', attempts: [attempt(1, 'inconclusive'), attempt(2, 'pass')] }),
    sampleOutcome({ scenario: 'a/between', attempts: [attempt(1, 'pass')] }),
    sampleOutcome({ scenario: 'a/between', attempts: [attempt(3, 'fail')] }),
    sampleOutcome({ scenario: 'a/steady', attempts: [attempt(1, 'pass')] }),
    sampleOutcome({ scenario: 'a/steady', attempts: [attempt(3, 'pass')] }),
    sampleOutcome({ scenario: 'a/skipped', outcome: 'skipped' }),
  ]);

  expect(totals.flaky).toBe(2);
});

test('the module is the one that spoke, not a placeholder of one that could not be reached', () => {
  const silent = sampleOutcome({ scenario: 'a/1', outcome: 'inconclusive' });
  const mute = { ...silent, module: { ...silent.module, revision: '', imei: '' } };

  expect(sampleRun([mute, sampleOutcome()]).module.revision).toBe('EC200UCNAAR03A07M08_OCPU');
  expect(sampleRun([mute]).module.revision).toBe('unknown');
  expect(sampleRun([mute]).lanes).toEqual([{ lane: 1, spec: 'virtual:EC200U-CN', imei: null }]);
});
