import { expect, test } from '@jest/globals';
import type { IndexedScenario } from './scenario-index.ts';
import { type Selection, selectScenarios } from './select-scenarios.ts';

const indexed = (id: string, clauses: readonly string[], title = ''): IndexedScenario => ({
  id,
  title,
  clauses,
  needs: [],
  file: `${id}.js`,
});

const all = [
  indexed('connect/accepted@mqtt', ['M-4.connect-callback'], 'CONNACK 0 is reported as accepted'),
  indexed('connect/accepted@mqtts', ['M-4.connect-callback']),
  indexed('publish/qos1@mqtt', ['M-10.request-callback']),
  indexed('publish/qos2@mqtt', ['M-10.request-callback', 'MQTT-4.3.3-1']),
  indexed('disconnect/orderly@mqtt', ['M-12.disconnect-packet']),
];

const select = (selection: Partial<Selection>) =>
  selectScenarios(all, { profile: 'full', clauses: [], ...selection }).map(({ id }) => id);

test('nothing asked for selects all', () => {
  expect(select({})).toHaveLength(5);
});

test('a pattern finds ids and titles, whatever their case', () => {
  expect(select({ grep: 'QOS[12]' })).toEqual(['publish/qos1@mqtt', 'publish/qos2@mqtt']);
  expect(select({ grep: 'connack 0' })).toEqual(['connect/accepted@mqtt']);
});

test('a clause stands for its parts, and not for another that begins alike', () => {
  expect(select({ clauses: ['M-12'] })).toEqual(['disconnect/orderly@mqtt']);
  expect(() => select({ clauses: ['M-1'] })).toThrow(/no scenario cites clause 'M-1'/u);
});

test('several clauses select what cites any of them', () => {
  expect(select({ clauses: ['MQTT-4.3.3-1', 'M-12.disconnect-packet'] })).toEqual([
    'publish/qos2@mqtt',
    'disconnect/orderly@mqtt',
  ]);
});

test('smoke is the first scenario of each area that needs nothing that a module may lack', () => {
  const needy = { ...indexed('publish/far@mqtt', []), needs: ['network-slow'] };

  const smoke = selectScenarios([needy, ...all], { profile: 'smoke', clauses: [] }).map(({ id }) => id);

  expect(smoke).toEqual(['connect/accepted@mqtt', 'publish/qos1@mqtt', 'disconnect/orderly@mqtt']);
});

test('shards have everything once between them', () => {
  const shards = [1, 2, 3].map((index) => select({ shard: { index, count: 3 } }));

  expect(shards.flat().toSorted()).toEqual(select({}).toSorted());
  expect(shards.map((shard) => shard.length)).toEqual([2, 2, 1]);
});
