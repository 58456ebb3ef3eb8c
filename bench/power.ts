import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readResults } from './mutants/result.ts';
import { readReasons } from './mutants/survivors.ts';
import { readPredictions } from './personalities/prediction.ts';
import { mutantsSection, mutantsSentence } from './power/mutants-section.ts';
import { personalitiesSection } from './power/personalities-section.ts';
import { replaceSection } from './power/replace-section.ts';

/* Writes the tables of docs/power.md, and the sentence of the README, from results that are kept in the repository. */
const ROOT = join(import.meta.dirname, '..');
const MUTANTS = join(import.meta.dirname, 'mutants', 'results.ndjson');

rewrite('docs/power.md', 'personalities', personalitiesSection(readPredictions()));
if (existsSync(MUTANTS)) {
  const report = { ...readResults(MUTANTS), reasons: readReasons() };
  rewrite('docs/power.md', 'mutants', mutantsSection(report));
  rewrite('README.md', 'mutants', mutantsSentence(report));
}

function rewrite(file: string, section: string, text: string): void {
  const path = join(ROOT, file);
  writeFileSync(path, replaceSection(readFileSync(path, 'utf8'), section, text));
}
