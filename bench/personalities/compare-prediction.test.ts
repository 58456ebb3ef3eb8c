import { expect, test } from '@jest/globals';
import type { RunRecord } from '../../harness/report/run-record.ts';
import { comparePrediction } from './compare-prediction.ts';
import { type Prediction, readPredictions } from './prediction.ts';

const PREDICTION: Prediction = {
  schema: 'qlhil-personality/1',
  personality: 'odd',
  module: 'virtual?personality=odd',
  hypotheses: [
    {
      id: 'L-1',
      says: 'something',
      predicts: [
        { rule: 'CB-01', clause: 'M-2.wouldblock' },
        { rule: 'WF-01', clause: 'MQTT-3.1.0-1' },
      ],
    },
  ],
  differences: [],
};

const finding = (rule: string, clause: string) => ({
  rule,
  clause,
  kind: 'specified' as const,
  message: '',
  events: [],
});
const outcome = (scenario: string, findings: ReturnType<typeof finding>[]): RunRecord['outcomes'][number] => ({
  scenario,
  title: '',
  file: '',
  clauses: [],
  lane: 1,
  outcome: 'fail',
  attempts: [],
  durationMs: 0,
  findings,
  waitedMs: 0,
});
const record = {
  outcomes: [
    outcome('a/one', [finding('CB-01', 'M-2.wouldblock'), finding('KA-01', 'MQTT-3.1.2-23')]),
    outcome('a/two', [finding('KA-01', 'MQTT-3.1.2-23')]),
  ],
};

test('what nobody predicted and what did not come stand out, with the scenarios that showed them', () => {
  const { met, unexplained } = comparePrediction(PREDICTION, record);

  expect(met).toBe(1);
  expect(unexplained).toEqual([
    { rule: 'KA-01', clause: 'MQTT-3.1.2-23', is: 'extra', scenarios: ['a/one', 'a/two'] },
    { rule: 'WF-01', clause: 'MQTT-3.1.0-1', is: 'missing', scenarios: [] },
  ]);
});

test('an explanation speaks of one difference, and of the way it differs', () => {
  const why = 'because';
  const explained = comparePrediction(
    {
      ...PREDICTION,
      differences: [
        { rule: 'KA-01', clause: 'MQTT-3.1.2-23', is: 'extra', from: 'L-1', why },
        { rule: 'WF-01', clause: 'MQTT-3.1.0-1', is: 'extra', from: 'L-1', why },
      ],
    },
    record,
  );

  expect(explained.unexplained.map(({ rule }) => rule)).toEqual(['WF-01']);
  expect(explained.idle.map(({ rule }) => rule)).toEqual(['WF-01']);
});

test('the predictions that are kept can be read, and every explanation names a hypothesis', () => {
  const predictions = readPredictions();
  const unknown = predictions.flatMap(({ hypotheses, differences }) =>
    differences.filter(({ from }) => !hypotheses.some(({ id }) => id === from)),
  );

  expect(predictions.map(({ personality }) => personality)).toEqual(['lwip-chip', 'lwip']);
  expect(predictions.map(({ hypotheses }) => hypotheses.length)).toEqual([32, 21]);
  expect(unknown).toEqual([]);
});
