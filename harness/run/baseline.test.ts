import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { TemporaryFolder } from '../../test/support/temporary-folder.ts';
import { readYaml } from '../bench/read-yaml.ts';
import { yamlText } from '../bench/write-yaml.ts';
import { compareWith } from '../compare/compare-with.ts';
import { sampleFinding, sampleOutcome, sampleRun } from '../report/sample-run.ts';
import { type Baseline, baselineSchema } from './baseline.ts';
import { baselineOfRun } from './baseline-of-run.ts';
import { compareBaselines } from './compare-baselines.ts';
import { readBaselines } from './read-baselines.ts';
import { referenceFromBaseline } from './reference-from-baseline.ts';
import { reviewKnownFailures } from './review-known-failures.ts';

const folder = new TemporaryFolder();
afterAll(() => folder[Symbol.dispose]());

const deviation = sampleFinding({ kind: 'inferred', clause: 'INF-1' });
const observed = (value: string | number) => [{ clause: 'D-3', name: 'err at a time-out', value }];
const outcome = sampleOutcome({
  scenario: 'a/1.x@mqtt',
  outcome: 'fail',
  findings: [sampleFinding(), deviation],
  observations: observed(257),
});
const run = sampleRun([outcome, sampleOutcome({ scenario: 'a/2', observations: observed(-9) })]);
const accepted = baselineOfRun(run, 'ticket 4711');

test('a baseline has every value that was observed under a name, and each failure with its reason', () => {
  expect(accepted).toMatchObject({
    sku: 'EC200U-CN',
    observations: [{ clause: 'D-3', name: 'err at a time-out', values: [257, -9] }],
    known: [{ rule: 'CB-01', revision: '.*', scenario: String.raw`a/1\.x@mqtt`, reason: 'ticket 4711' }],
    deviations: [{ rule: 'CB-01', clause: 'INF-1', scenario: 'a/1.x@mqtt' }],
  });
});

test('a run does not differ from the baseline that it was accepted as, once it was written and read back', () => {
  const path = join(folder.path, 'EC200U-CN.yaml');
  writeFileSync(path, yamlText(accepted, 'a comment\nof two lines'));

  const read = readYaml(path, baselineSchema);
  const comparison = compareWith(referenceFromBaseline(read, run.module), run);

  expect(read).toEqual(accepted);
  expect(comparison).toMatchObject({ newFailures: [], fixed: [], changed: [], deviations: [], onlyInNew: [] });
});

test('against a baseline another value has changed, another failure is new, and one that is gone is fixed', () => {
  const reference = referenceFromBaseline(accepted, run.module);
  const other = sampleFinding({ rule: 'RC-10', clause: 'M-12.disconnect-packet' });
  const worse = sampleRun([
    sampleOutcome({ scenario: 'a/1.x@mqtt', outcome: 'fail', findings: [other], observations: observed(0) }),
  ]);

  const { newFailures, fixed, changed } = compareWith(reference, worse);

  expect(newFailures).toMatchObject([{ clause: 'M-12.disconnect-packet' }]);
  expect(fixed).toMatchObject([{ clause: 'M-10.request-callback', scenarios: ['a/1.x@mqtt'] }]);
  expect(changed).toMatchObject([{ old: [257, -9], new: [0], scenarios: ['a/1.x@mqtt'] }]);
});

test('what is accepted as known is known to the next run, and healed once it passes', () => {
  const passed = sampleOutcome({ scenario: 'a/1.x@mqtt' });

  expect(reviewKnownFailures(accepted.known, [outcome], ['a/1.x@mqtt'])).toMatchObject([{ met: 1, isHealed: false }]);
  expect(reviewKnownFailures(accepted.known, [passed], ['a/1.x@mqtt'])).toMatchObject([{ met: 0, isHealed: true }]);
});

test('a failure that was known keeps its reason, and goes once it passes', () => {
  const known = {
    ...accepted.known[0],
    rule: 'CB-01',
    clause: 'M-10.request-callback',
    sku: 'EC200U-CN',
    revision: 'EC200UCN.*',
    reason: 'ticket 1',
  };
  const still = sampleRun([outcome], { knownFailures: [{ ...known, met: 1, isHealed: false }] });
  const healed = sampleRun([sampleOutcome()], { knownFailures: [{ ...known, met: 0, isHealed: true }] });

  expect(baselineOfRun(still, 'another').known).toMatchObject([{ revision: 'EC200UCN.*', reason: 'ticket 1' }]);
  expect(baselineOfRun(healed, 'another').known).toEqual([]);
});

test('what accepting would change is told: values, names and findings that come and go', () => {
  const next: Baseline = {
    ...accepted,
    observations: [
      { clause: 'D-3', name: 'err at a time-out', values: [257] },
      { clause: 'D-7', name: 'clients at once', values: [5] },
    ],
    known: [],
  };

  expect(compareBaselines(accepted, next)).toMatchObject({
    changed: [{ name: 'err at a time-out', old: [257, -9], new: [257] }],
    observations: { added: [{ name: 'clients at once' }], gone: [] },
    known: { added: [], gone: [{ rule: 'CB-01' }] },
    deviations: { added: [], gone: [] },
  });
  expect(compareBaselines(undefined, next).observations.added).toHaveLength(2);
});

describe('a folder of baselines', () => {
  const lay = (name: string, files: Readonly<Record<string, string>>): string => {
    const path = join(folder.path, name);
    mkdirSync(path);
    for (const [file, text] of Object.entries(files)) writeFileSync(join(path, file), text);
    return path;
  };
  const text = yamlText(accepted, 'x');

  test('may be empty, and need not be there unless it was named', () => {
    expect(readBaselines(lay('empty', { 'README.md': 'x' }))).toEqual([]);
    expect(() => readBaselines(join(folder.path, 'none'))).toThrow(/none: there is no such baseline/u);
  });

  test('names file and line of what makes no sense', () => {
    const broken = text.replace('values: [257, -9]', 'values: []');

    expect(() => readBaselines(lay('broken', { 'x.yaml': broken }))).toThrow(
      /x\.yaml:\d+: observations\.0\.values: must name a value/u,
    );
  });

  test('has one file a SKU', () => {
    expect(() => readBaselines(lay('twice', { 'a.yaml': text, 'b.yml': text }))).toThrow(
      /b\.yml and .*a\.yaml are both baselines of EC200U-CN: keep one/u,
    );
  });
});
