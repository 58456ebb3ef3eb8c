import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readVirtualCatalogue } from '../harness/bench/virtual-catalogue.ts';
import { type DefectsReport, defectsSection, defectsSentence, mergeReports } from './power/defects-section.ts';
import { replaceSection } from './power/replace-section.ts';

/*
 * Writes the table of defects in docs/power.md and the sentence of the README from what `qlhil mutate --json` printed.
 * Arguments: its files; the catalogue may be in several parts, but must be whole.
 */
const ROOT = join(import.meta.dirname, '..');

const read = (path: string): DefectsReport => JSON.parse(readFileSync(path, 'utf8'));
const merged = mergeReports(process.argv.slice(2).map(read));
const names = readVirtualCatalogue().defects.map(({ name }) => name);
const missing = names.filter((name) => merged.defects.every((defect) => defect.name !== name));
if (missing.length > 0) throw new Error(`not tried: ${missing.join(', ')}`);
const inOrder = merged.defects.toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name));
const report = { ...merged, defects: inOrder };

rewrite('docs/power.md', defectsSection(report));
rewrite('README.md', defectsSentence(report));

function rewrite(file: string, text: string): void {
  const path = join(ROOT, file);
  writeFileSync(path, replaceSection(readFileSync(path, 'utf8'), 'defects', text));
}
