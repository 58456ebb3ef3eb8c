import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { readPredictions } from '../personalities/prediction.ts';
import { personalitiesSection } from './personalities-section.ts';
import { replaceSection } from './replace-section.ts';

test('docs/power.md tells of personalities what is recorded of them', () => {
  const document = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'power.md'), 'utf8');

  expect(replaceSection(document, 'personalities', personalitiesSection(readPredictions()))).toBe(document);
});
