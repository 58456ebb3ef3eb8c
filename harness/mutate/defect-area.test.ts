import { expect, test } from '@jest/globals';
import { allClauses } from '../../scenarios/clauses/all-clauses.ts';
import { readVirtualCatalogue } from '../bench/virtual-catalogue.ts';
import { areaOfDefect, FAMILY_AREAS, sdkOfDefect } from './defect-area.ts';

const { defects } = readVirtualCatalogue();

test('every family of the catalogue has its areas, and no other has', () => {
  const families = new Set(defects.map(({ family }) => family));

  expect(Object.keys(FAMILY_AREAS).toSorted()).toEqual([...families].toSorted());
});

test('every defect names a clause that is asserted', () => {
  const kinds = new Map(allClauses.map(({ id, kind }) => [id, kind]));
  const unasserted = defects.filter(
    ({ clause }) => !['specified', 'inferred'].includes(kinds.get(clause) ?? 'unknown'),
  );

  expect(unasserted).toEqual([]);
});

test('what cites the clause near by comes first, then what cites it elsewhere, then the rest of the area', () => {
  const scenario = (id: string, ...clauses: string[]) => ({ id, title: id, clauses, needs: [], file: '' });
  const scenarios = [
    scenario('connect/a', 'X'),
    scenario('onenet-token/a'),
    scenario('publish/a', 'X'),
    scenario('onenet-token/b', 'X'),
  ];

  const area = areaOfDefect({ clause: 'X', family: 'tokens' }, scenarios);

  expect(area).toEqual(['onenet-token/b', 'connect/a', 'publish/a', 'onenet-token/a']);
});

test('a defect in what only the later SDK has is tried on that', () => {
  expect(sdkOfDefect({ name: 'sni-missing' }, 'manual')).toBe('r03');
  expect(sdkOfDefect({ name: 'qos-capped' }, 'manual')).toBe('manual');
});
