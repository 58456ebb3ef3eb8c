import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type CoverageRecord, coverageTable, type Exercised } from './coverage-table.ts';
import { manualNotes } from './manual-notes.ts';

/*
 * Writes docs/coverage.md and docs/manual-notes.md. Arguments: run folders, whose counts then take the place of those in
 * docs/coverage.json: runs of the whole suite on a clean virtual module, one of each SDK generation, and any number of runs on
 * modules with a defect.
 */
const DOCS = join(import.meta.dirname, '..', 'docs');
const RECORD = join(DOCS, 'coverage.json');

interface Run {
  readonly module: { readonly spec: string; readonly sdk: string };
  readonly coverage: readonly { readonly clause: string; readonly exercised: number }[];
  readonly rules: readonly { readonly rule: string; readonly exercised: number; readonly found: number }[];
}

const folders = process.argv.slice(2);
const runs = folders.map((folder): Run => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')));
const kept: CoverageRecord = JSON.parse(readFileSync(RECORD, 'utf8'));
const record = runs.length === 0 ? kept : recordOf(runs, kept);
writeFileSync(RECORD, `${JSON.stringify(record, null, 1)}\n`);
writeFileSync(join(DOCS, 'coverage.md'), coverageTable(record));
writeFileSync(join(DOCS, 'manual-notes.md'), manualNotes());

function recordOf(all: readonly Run[], before: CoverageRecord): CoverageRecord {
  const clean = all.filter(({ module }) => defectOf(module.spec) === undefined);
  const defective = all.filter(({ module }) => defectOf(module.spec) !== undefined);
  return {
    clauses:
      clean.length === 0
        ? before.clauses
        : counts(clean, (run) => run.coverage.map(({ clause, exercised }) => [clause, exercised])),
    rules:
      clean.length === 0
        ? before.rules
        : counts(clean, (run) => run.rules.map(({ rule, exercised }) => [rule, exercised])),
    defects: defective.length === 0 ? before.defects : defectsByRule(defective),
  };
}

function counts(
  all: readonly Run[],
  of: (run: Run) => readonly (readonly [string, number])[],
): Record<string, Exercised> {
  const sums = new Map<string, { manual: number; r03: number }>();
  for (const run of all) {
    for (const [id, times] of of(run)) {
      const sum = sums.get(id) ?? { manual: 0, r03: 0 };
      sum[run.module.sdk === 'manual' ? 'manual' : 'r03'] += times;
      sums.set(id, sum);
    }
  }
  const exercised = [...sums].filter(([id, { manual, r03 }]) => !id.startsWith('expect:') && manual + r03 > 0);
  return Object.fromEntries(exercised.toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })));
}

function defectsByRule(all: readonly Run[]): Record<string, readonly string[]> {
  const found = new Map<string, Set<string>>();
  for (const { module, rules } of all) {
    for (const { rule, found: times } of rules) {
      if (times === 0 || rule.startsWith('expect:')) continue;
      found.set(rule, (found.get(rule) ?? new Set()).add(defectOf(module.spec) ?? ''));
    }
  }
  const sorted = [...found].toSorted(([a], [b]) => a.localeCompare(b));
  return Object.fromEntries(sorted.map(([rule, defects]) => [rule, [...defects].toSorted()]));
}

function defectOf(spec: string): string | undefined {
  return /[?&]defect=(?<name>[^&]+)/u.exec(spec)?.groups?.['name'];
}
