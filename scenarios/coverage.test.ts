import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';

import { lintClauses } from '../broker/lint/clauses.ts';
import { allRules } from '../harness/oracle/rules/all-rules.ts';
import { allClauses, clauseKind, findClause } from './clauses/all-clauses.ts';

const ROOT = join(import.meta.dirname, '..');
const CITATION = /'((?:M|D|R|A|K)-\d+(?:\.[a-z0-9-]+)?|MQTT-[\d.]+(?:-\d+)?)'/g;
const DEFECT = /^\s*DEFECT\([^"]*"(?<name>[^"]+)",\s*"(?<clause>[^"]+)"/gm;

/** Clauses cited by the scenarios, as they stand in their text: importing a scenario here would register it as a test. */
function citedByScenarios(): ReadonlyMap<string, string> {
  const cited = new Map<string, string>();
  for (const folder of [import.meta.dirname, join(import.meta.dirname, 'support')]) {
    for (const file of readdirSync(folder).filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))) {
      const text = readFileSync(join(folder, file), 'utf8');
      for (const [, clause = ''] of text.matchAll(CITATION)) cited.set(clause, file);
    }
  }
  return cited;
}

function citedByRules(): ReadonlyMap<string, string> {
  return new Map(allRules.flatMap(({ id, clause, also = [] }) => [clause, ...also].map((one) => [one, id] as const)));
}

/** Clauses that the virtual module's seeded defects name, by defect. */
function citedByDefects(): ReadonlyMap<string, string> {
  const path = join(ROOT, 'firmware', 'quecopen-posix', 'ql_mqttclient', 'defects.def');
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  return new Map([...text.matchAll(DEFECT)].map(({ groups }) => [groups?.['clause'] ?? '', groups?.['name'] ?? '']));
}

test.each([
  ['rules', citedByRules()],
  ['scenarios', citedByScenarios()],
  ['seeded defects', citedByDefects()],
])('every clause that %s cite exists', (_, cited) => {
  const unknown = [...cited].filter(([clause]) => findClause(clause) === undefined);

  expect(cited.size).toBeGreaterThan(0);
  expect(unknown).toEqual([]);
});

test('every clause is cited by a rule or a scenario, or says why it is not', () => {
  const cited = new Set([...citedByRules().keys(), ...citedByScenarios().keys()].map((id) => findClause(id)?.id));

  const forgotten = allClauses.filter(({ id, uncited }) => !cited.has(id) && uncited === undefined).map(({ id }) => id);

  expect(forgotten).toEqual([]);
});

test('no clause that is cited says that it is not', () => {
  const cited = new Set([...citedByRules().keys(), ...citedByScenarios().keys()]);

  expect(allClauses.filter(({ id, uncited }) => uncited !== undefined && cited.has(id)).map(({ id }) => id)).toEqual(
    [],
  );
});

test('what the linter finds in the module’s packets falls under a rule', () => {
  const cited = citedByRules();
  // Duties of the server, which it checks in the packets to the module.
  const ofServers = /^MQTT-(?:2\.3\.1-7|3\.2\.|3\.9\.3)/;

  expect([...lintClauses()].filter((clause) => !ofServers.test(clause) && !cited.has(clause))).toEqual([]);
});

test('all 75 numbered statements of MQTT 3.1.1 that bind a client are clauses', () => {
  const numbered = allClauses.filter(({ id }) => /^MQTT-\d+\.\d+\.\d+-\d+$/.test(id));
  const ofServers = ['MQTT-3.9.3-2', 'MQTT-3.10.4-4'];

  expect(numbered.filter(({ id }) => !ofServers.includes(id))).toHaveLength(75);
});

test('silences are characterised and everything of the standard is specified', () => {
  expect(allClauses.filter(({ id, kind }) => id.startsWith('D-') !== (kind === 'characterised'))).toEqual([]);
  expect(allClauses.filter(({ id, kind }) => id.startsWith('MQTT-') && kind !== 'specified')).toEqual([]);
});

test('every silence and contradiction of the manual has our reading, with its reason', () => {
  const silent = allClauses.filter(({ id }) => id.startsWith('D-'));

  expect(silent.filter(({ reason }) => reason === undefined).map(({ id }) => id)).toEqual([]);
  for (let number = 1; number <= 22; number++) expect(silent.map(({ id }) => id)).toContain(`D-${number}`);
});

test('what a virtual module can not bring about says why nothing cites it', () => {
  const beyond = allClauses.filter(({ reach }) => reach !== 'virtual');

  expect(beyond.length).toBeGreaterThan(0);
  expect(beyond.filter(({ uncited }) => uncited === undefined).map(({ id }) => id)).toEqual([]);
});

test('an aspect of a silence is found under it, and an unknown clause is not found', () => {
  expect(findClause('D-8.connack')?.id).toBe('D-8');
  expect(clauseKind('M-1.nope')).toBeUndefined();
  expect(clauseKind('M-15.no-callback-after-deinit')).toBe('inferred');
});

test('rule ids are unique', () => {
  expect(new Set(allRules.map(({ id }) => id)).size).toBe(allRules.length);
});
