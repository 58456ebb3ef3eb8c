import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { allRelations } from '../harness/oracle/relations/all-relations.ts';
import { allRules } from '../harness/oracle/rules/all-rules.ts';
import { allClauses, findClause } from '../scenarios/clauses/all-clauses.ts';
import type { Clause } from '../scenarios/clauses/clause.ts';

/** How often runs of the whole suite exercised what, on a virtual module of each SDK generation, and which defects a rule found. */
export interface CoverageRecord {
  readonly clauses: Readonly<Record<string, Exercised>>;
  readonly rules: Readonly<Record<string, Exercised>>;
  readonly defects: Readonly<Record<string, readonly string[]>>;
}

export interface Exercised {
  readonly manual: number;
  readonly r03: number;
}

const SCENARIOS = join(import.meta.dirname, '..', 'scenarios');
const CITATION = /'((?:M|D|R|A|K)-\d+(?:\.[a-z0-9-]+)?|MQTT-[\d.]+(?:-\d+)?)'/gu;
const DEFECTS_SHOWN = 4;

interface Judging {
  readonly id: string;
  readonly clause: string;
  readonly also?: readonly string[];
  readonly says: string;
}

const judging: readonly Judging[] = [...allRules, ...allRelations];

/** docs/coverage.md: each clause with the rules and scenarios that put it to the test, and each rule with what it found. */
export function coverageTable(record: CoverageRecord): string {
  const areas = areasByClause();
  return `${[
    '# Coverage',
    '',
    'Made from the clauses, the rules, the scenarios and `docs/coverage.json`, the record of one run of the whole suite on a virtual module of each SDK',
    'generation (`npm run coverage`, see `bench/write-coverage.ts`); a test keeps it current. How often a clause was exercised is how often its premise was',
    'met and decided. Nothing passes by not happening: what was never exercised says why.',
    '',
    `${allClauses.length} clauses, ${allRules.length} rules, ${allRelations.length} metamorphic relations.`,
    '',
    '## Clauses',
    '',
    '| clause | kind | says | reach | rules | scenarios | manual | r03 |',
    '|---|---|---|---|---|---|---|---|',
    ...allClauses.map((clause) =>
      clauseRow(clause, areas.get(clause.id) ?? [], exercisedOf(record.clauses, clause.id)),
    ),
    '',
    '## Not exercised',
    '',
    '| clause | why |',
    '|---|---|',
    ...allClauses.flatMap((clause) => unexercisedRow(clause, record)),
    '',
    '## Rules',
    '',
    'The last column: defects of the virtual module in which the rule found something, be it in what `qlhil mutate` went through until its',
    'clause was told of, be it in a run of an area or two on a module with that defect.',
    '',
    '| rule | says | manual | r03 | finds something in |',
    '|---|---|---|---|---|',
    ...judging.map(({ id, says }) => {
      const { manual, r03 } = record.rules[id] ?? NEVER;
      return row([
        id,
        says,
        manual,
        r03,
        id.startsWith('OB-') ? 'nothing: it only observes' : defectsText(record.defects[id] ?? []),
      ]);
    }),
  ].join('\n')}\n`;
}

const NEVER: Exercised = { manual: 0, r03: 0 };

/** Aspects of a silence count for the silence. */
export function exercisedOf(clauses: CoverageRecord['clauses'], id: string): Exercised {
  const own = Object.entries(clauses).filter(([clause]) => findClause(clause)?.id === id);
  return own.reduce((sum, [, { manual, r03 }]) => ({ manual: sum.manual + manual, r03: sum.r03 + r03 }), NEVER);
}

function clauseRow(clause: Clause, areas: readonly string[], { manual, r03 }: Exercised): string {
  const { id, kind, says, reach } = clause;
  const rules = judging.filter((one) =>
    [one.clause, ...(one.also ?? [])].some((cited) => findClause(cited)?.id === id),
  );
  return row([id, kind, says, reach, rules.map((one) => one.id).join(', '), areas.join(', '), manual, r03]);
}

function unexercisedRow(clause: Clause, { clauses }: CoverageRecord): readonly string[] {
  const { manual, r03 } = exercisedOf(clauses, clause.id);
  return manual + r03 > 0 ? [] : [row([clause.id, whyNot(clause)])];
}

function whyNot({ uncited, needs }: Clause): string {
  return uncited ?? (needs === undefined ? 'nothing in this run brought it about' : `no virtual module has ${needs}`);
}

function defectsText(defects: readonly string[]): string {
  const more = defects.length - DEFECTS_SHOWN;
  return [...defects.slice(0, DEFECTS_SHOWN), ...(more > 0 ? [`${more} more`] : [])].join(', ');
}

/** The areas whose scenarios cite a clause, as it stands in their text. */
function areasByClause(): ReadonlyMap<string, readonly string[]> {
  const areas = new Map<string, string[]>();
  for (const name of readdirSync(SCENARIOS)
    .filter((file) => file.endsWith('.scenario.ts'))
    .toSorted()) {
    const area = name.replace('.scenario.ts', '');
    const cited = [...readFileSync(join(SCENARIOS, name), 'utf8').matchAll(CITATION)].map(([, id = '']) => id);
    for (const id of new Set(cited.map((one) => findClause(one)?.id ?? one)))
      areas.set(id, [...(areas.get(id) ?? []), area]);
  }
  return areas;
}

function row(cells: readonly (string | number)[]): string {
  return `| ${cells.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
}
