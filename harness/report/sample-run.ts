import type { Finding, ScenarioOutcome } from '../run/outcome.ts';
import { buildRunRecord, type RunFacts } from './build-run-record.ts';
import type { RunRecord } from './run-record.ts';

/** Made-up runs for tests of reports. */

export function sampleOutcome(difference: Partial<ScenarioOutcome> = {}): ScenarioOutcome {
  return {
    scenario: 'publish/qos1@mqtt',
    title: 'a QoS 1 publish completes with err 0',
    file: 'scenarios/publish.scenario.ts',
    clauses: ['M-10.request-callback'],
    lane: 1,
    module: {
      spec: 'virtual:EC200U-CN',
      sku: 'EC200U-CN',
      model: 'EC200U',
      revision: 'EC200UCNAAR03A07M08_OCPU',
      imei: '5f3a91c0…0017',
      shim: '0.1.0',
      sdk: 'r03',
      features: ['setopt'],
    },
    outcome: 'pass',
    attempts: [],
    durationMs: 1234,
    findings: [],
    exercised: { 'CB-01': 2, 'CB-05': 0 },
    clausesExercised: { 'M-10.request-callback': 2 },
    observations: [],
    measurements: [],
    waitedMs: 0,
    ...difference,
  };
}

export function sampleFinding(difference: Partial<Finding> = {}): Finding {
  return {
    rule: 'CB-01',
    clause: 'M-10.request-callback',
    kind: 'specified',
    message: 'no request callback within 5000 ms',
    events: [7, 9],
    ...difference,
  };
}

export function sampleRun(outcomes: readonly ScenarioOutcome[], difference: Partial<RunFacts> = {}): RunRecord {
  return buildRunRecord({
    module: { ...sampleOutcome().module, revision: 'unknown' },
    lanes: ['virtual:EC200U-CN'],
    host: { platform: 'linux x64', node: 'v20.20.2' },
    harness: { version: '0.1.0', commit: null },
    command: ['qlhil', 'run', '--module', 'virtual:EC200U-CN'],
    seed: 7,
    strict: false,
    started: '2026-03-04T05:06:07.000Z',
    ended: '2026-03-04T05:06:19.500Z',
    outcomes,
    notRun: [],
    problems: [],
    knownFailures: [],
    clauses: [
      {
        id: 'M-10.request-callback',
        source: 'manual 3.3.3.1',
        says: 'a request ends in one callback',
        kind: 'specified',
      },
      { id: 'M-12.disconnect-packet', source: 'manual 3.3.5', says: 'DISCONNECT comes first', kind: 'specified' },
    ],
    baseline: null,
    failOnChange: false,
    changesOf: () => [],
    exitCodeOf: ({ fail }) => (fail > 0 ? 1 : 0),
    ...difference,
  });
}
