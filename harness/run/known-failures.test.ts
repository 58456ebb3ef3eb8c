import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { TemporaryFolder } from '../../test/support/temporary-folder.ts';
import { readYaml } from '../bench/read-yaml.ts';
import { sampleFinding, sampleOutcome } from '../report/sample-run.ts';
import { explainFailure } from './explain-failure.ts';
import { type KnownFailure, knownFailuresSchema } from './known-failure.ts';
import type { ScenarioOutcome } from './outcome.ts';
import { reviewKnownFailures } from './review-known-failures.ts';

const KNOWN: KnownFailure = {
  rule: 'CB-01',
  clause: 'M-10.request-callback',
  sku: 'EC200U-CN',
  revision: 'EC200UCN.*A07M08_OCPU',
  reason: 'ticket 4711',
};
const outcome = sampleOutcome({ outcome: 'known-failure', findings: [sampleFinding()] });
const passed = sampleOutcome();
const { module, scenario } = passed;

function explained(difference: Partial<KnownFailure>, findings = [sampleFinding()], strict = false) {
  return explainFailure({ scenario, module, findings, strict }, [{ ...KNOWN, ...difference }]);
}

test('a failure is explained by an entry of its rule, clause, SKU and revision', () => {
  expect(explained({})).toBe('ticket 4711');
  expect(explained({ scenario: 'publish/qos1@mqtt' })).toBe('ticket 4711');
});

test.each<[string, Partial<KnownFailure>]>([
  ['rule', { rule: 'CB-02' }],
  ['clause', { clause: 'M-10' }],
  ['SKU', { sku: 'EC600U-CN' }],
  ['part of a revision', { revision: 'EC200UCN' }],
  ['scenario', { scenario: 'publish/qos1' }],
])('another %s explains nothing', (_, difference) => {
  expect(explained(difference)).toBeUndefined();
});

test('a second failure beside the known one is none that is known', () => {
  expect(explained({}, [sampleFinding(), sampleFinding({ clause: 'M-12.disconnect-packet' })])).toBeUndefined();
});

test('a deviation beside the known failure counts only where deviations fail', () => {
  const findings = [sampleFinding(), sampleFinding({ rule: 'ST-05', kind: 'inferred' })];

  expect(explained({}, findings)).toBe('ticket 4711');
  expect(explained({}, findings, true)).toBeUndefined();
});

function healed(outcomes: readonly ScenarioOutcome[], difference: Partial<KnownFailure> = {}, all = [scenario]) {
  return reviewKnownFailures([{ ...KNOWN, ...difference }], outcomes, all).map(({ isHealed, met }) => [isHealed, met]);
}

test('an entry that every scenario tried and none met has begun to pass', () => {
  expect(healed([passed])).toEqual([[true, 0]]);
  expect(healed([passed, outcome])).toEqual([[false, 1]]);
});

test('an entry has not begun to pass where a scenario that could show it is missing, inconclusive or never tried it', () => {
  const untried = sampleOutcome({ exercised: { 'CB-01': 0 } });
  const broken = sampleOutcome({ scenario: 'publish/qos0', outcome: 'inconclusive' });

  expect(healed([passed], {}, [scenario, 'publish/qos0'])).toEqual([[false, 0]]);
  expect(healed([passed, broken], {}, [scenario, 'publish/qos0'])).toEqual([[false, 0]]);
  expect(healed([untried])).toEqual([[false, 0]]);
  expect(healed([passed], { scenario: 'publish/qos1@mqtt' }, [scenario, 'publish/qos0'])).toEqual([[true, 0]]);
});

test('an entry about another module is not spoken of', () => {
  expect(healed([passed], { sku: 'EG700U-CN' })).toEqual([]);
});

function read(text: string): unknown {
  using folder = new TemporaryFolder();
  const path = join(folder.path, 'known.yaml');
  writeFileSync(path, text);
  return readYaml(path, knownFailuresSchema);
}

test('a file of known failures is read', () => {
  expect(read(JSON.stringify({ schema: 'qlhil-known/1', known: [KNOWN] }))).toEqual({
    schema: 'qlhil-known/1',
    known: [KNOWN],
  });
});

test.each([
  ['schema: qlhil-known/1\nknown:\n  - rule: CB-01\n    clause: M-1\n', /known\.yaml:3: known\.0\.sku: .*"sku"/u],
  [
    'schema: qlhil-known/1\nknown:\n  - rule: CB-01\n    clause: ""\n',
    /known\.yaml:4: known\.0\.clause: must not be empty/u,
  ],
  [
    'schema: qlhil-known/1\nknown:\n- {rule: a, clause: b, sku: c,\n   revision: "(", reason: d}\n',
    /known\.yaml:4: known\.0\.revision: is no regular expression/u,
  ],
  ['schema: qlhil-known/1\nknown: [\n', /known\.yaml:\d+: /u],
  ['known: &a [*a]\n', /known\.yaml:\d+: /u],
])('what is wrong in %j is told with its line', (text, message) => {
  expect(() => read(text)).toThrow(message);
});
