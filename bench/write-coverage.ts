import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type CoverageRecord, coverageTable, type Exercised } from './coverage-table.ts';
import { type DefectTold, foundIn } from './found-in-defects.ts';
import { manualNotes } from './manual-notes.ts';

/*
 * Writes docs/coverage.md and docs/manual-notes.md. Arguments: run folders, whose counts then take the place of those in
 * docs/coverage.json: runs of the whole suite on a clean virtual module, one of each SDK generation, and any number of runs on
 * modules with a defect; files that `qlhil mutate --json` printed do for those, too. With --add, what was found in defects is added
 * to what is known of them: a defect is given up at the first scenario that notices it, and not all rules have spoken by then.
 */
const DOCS = join(import.meta.dirname, '..', 'docs');
const RECORD = join(DOCS, 'coverage.json');

interface Run {
  readonly module: { readonly spec: string; readonly sdk: string };
  readonly coverage: readonly { readonly clause: string; readonly exercised: number }[];
  readonly rules: readonly { readonly rule: string; readonly exercised: number; readonly found: number }[];
}

interface Mutations {
  /** `told` holds a rule and a clause each. */
  readonly defects: readonly { readonly name: string; readonly told: readonly string[] }[];
}

const { values, positionals } = parseArgs({
  options: { add: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const folders = positionals.filter((path) => !path.endsWith('.json'));
const runs = folders.map((folder): Run => JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8')));
const told = [
  ...runs.flatMap(toldByRun),
  ...positionals.filter((path) => path.endsWith('.json')).flatMap(toldByMutate),
];
const kept: CoverageRecord = JSON.parse(readFileSync(RECORD, 'utf8'));
const record = recordOf(runs, kept);
writeFileSync(RECORD, `${JSON.stringify(record, null, 1)}\n`);
writeFileSync(join(DOCS, 'coverage.md'), coverageTable(record));
writeFileSync(join(DOCS, 'manual-notes.md'), manualNotes());

function recordOf(all: readonly Run[], before: CoverageRecord): CoverageRecord {
  const clean = all.filter(({ module }) => defectOf(module.spec) === undefined);
  return {
    clauses:
      clean.length === 0
        ? before.clauses
        : counts(clean, (run) => run.coverage.map(({ clause, exercised }) => [clause, exercised])),
    rules:
      clean.length === 0
        ? before.rules
        : counts(clean, (run) => run.rules.map(({ rule, exercised }) => [rule, exercised])),
    defects: told.length === 0 ? before.defects : foundIn(told, values.add ? before.defects : {}),
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

function toldByRun({ module, rules }: Run): readonly DefectTold[] {
  const defect = defectOf(module.spec);
  const found = rules.filter((one) => one.found > 0).map(({ rule }) => rule);
  return defect === undefined ? [] : [{ defect, rules: found }];
}

function toldByMutate(path: string): readonly DefectTold[] {
  const { defects }: Mutations = JSON.parse(readFileSync(path, 'utf8'));
  return defects.map(({ name, told: lines }) => ({
    defect: name,
    rules: lines.map((line) => line.split(' ')[0] ?? ''),
  }));
}

function defectOf(spec: string): string | undefined {
  return /[?&]defect=(?<name>[^&]+)/u.exec(spec)?.groups?.['name'];
}
