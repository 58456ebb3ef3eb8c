import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readSkus } from '../harness/bench/sku.ts';
import { listObservations } from '../harness/run/list-observations.ts';
import { findShippedBaseline, readShippedBaselines } from '../harness/run/read-baselines.ts';
import { findClause } from '../scenarios/clauses/all-clauses.ts';
import { observationsTable, TABLE_BEGINS } from './support/observations-table.ts';

const text = readFileSync(join(import.meta.dirname, '..', 'docs', 'observations.md'), 'utf8');
const listed = listObservations(readShippedBaselines());

test('the package ships a baseline of each virtual SKU, of the revision that such a module reports, without a failure', () => {
  const shipped = readShippedBaselines().map(({ baseline }) => [baseline.sku, baseline.revision, baseline.known]);

  expect(shipped).toEqual(readSkus().map(({ sku, revision }) => [sku, revision, []]));
  for (const { sku } of readSkus()) expect(findShippedBaseline(sku)?.baseline.sku).toBe(sku);
});

test('the table of observations is that of the shipped baselines (npm run observations writes it)', () => {
  expect(text.split(TABLE_BEGINS)[1]).toBe(`${observationsTable()}\n`);
});

test('what the document says where each open question is answered is observed', () => {
  const names = listed.map(({ name }) => name);
  const questions =
    text
      .split(TABLE_BEGINS)[0]
      ?.match(/^\| .*$/gmu)
      ?.slice(2) ?? [];
  const quoted = questions.flatMap((row) => [...row.matchAll(/“([^”]+)”/gu)].map((match) => match[1] ?? ''));

  expect(questions.length).toBeGreaterThanOrEqual(15);
  expect(quoted.filter((start) => !names.some((name) => name.startsWith(start)))).toEqual([]);
});

test('every value is observed under a clause that there is', () => {
  expect(listed.filter(({ clause }) => findClause(clause) === undefined)).toEqual([]);
});
