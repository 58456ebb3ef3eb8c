import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readVirtualCatalogue } from '../harness/bench/virtual-catalogue.ts';
import { allRelations } from '../harness/oracle/relations/all-relations.ts';
import { allRules } from '../harness/oracle/rules/all-rules.ts';
import { allClauses } from '../scenarios/clauses/all-clauses.ts';
import { type CoverageRecord, coverageTable, exercisedOf } from './coverage-table.ts';
import { manualNotes } from './manual-notes.ts';

const DOCS = join(import.meta.dirname, '..', 'docs');
const record: CoverageRecord = JSON.parse(readFileSync(join(DOCS, 'coverage.json'), 'utf8'));
const ids = [...allRules, ...allRelations].map(({ id }) => id);

test('docs/coverage.md is what the data make of it (npm run coverage writes it)', () => {
  expect(readFileSync(join(DOCS, 'coverage.md'), 'utf8')).toBe(coverageTable(record));
});

test('docs/manual-notes.md is what the clauses make of it (npm run coverage writes it)', () => {
  expect(readFileSync(join(DOCS, 'manual-notes.md'), 'utf8')).toBe(manualNotes());
});

test('every rule and relation was exercised on a clean virtual module of one generation or the other', () => {
  const never = ids.filter((id) => (record.rules[id]?.manual ?? 0) + (record.rules[id]?.r03 ?? 0) === 0);

  expect(never).toEqual([]);
});

test('every rule and relation that can find anything has found something in a defect of the catalogue', () => {
  const defects = new Set(readVirtualCatalogue().defects.map(({ name }) => name));
  const blind = ids.filter((id) => !id.startsWith('OB-') && !record.defects[id]?.some((name) => defects.has(name)));
  const unknown = Object.values(record.defects)
    .flat()
    .filter((name) => !defects.has(name));

  expect(blind).toEqual([]);
  expect(unknown).toEqual([]);
});

test('a clause that some rule or scenario cites was exercised, or its reach is beyond a virtual module', () => {
  const cited = allClauses.filter(({ uncited }) => uncited === undefined);
  const never = cited.filter(({ id }) => {
    const { manual, r03 } = exercisedOf(record.clauses, id);
    return manual + r03 === 0;
  });

  expect(never.map(({ id }) => id)).toEqual([]);
});
