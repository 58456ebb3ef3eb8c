import { readSkus } from '../harness/bench/sku.ts';
import { readVirtualCatalogue } from '../harness/bench/virtual-catalogue.ts';
import { allRelations } from '../harness/oracle/relations/all-relations.ts';
import { allRules } from '../harness/oracle/rules/all-rules.ts';
import { describeValues } from '../harness/report/describe-change.ts';
import { EXIT } from '../harness/run/exit-code.ts';
import { type ListedObservation, listObservations } from '../harness/run/list-observations.ts';
import { allBaselines } from '../harness/run/pick-baseline.ts';
import { readBaselines } from '../harness/run/read-baselines.ts';
import { findScenarioFiles } from '../harness/run/scenario-files.ts';
import { indexScenarios } from '../harness/run/scenario-index.ts';
import { allClauses } from '../scenarios/clauses/all-clauses.ts';
import { type ListName, OBSERVATIONS } from './list-command.ts';
import { type Paint, paintFor } from './paint.ts';

export interface ListArguments {
  readonly what: ListName | typeof OBSERVATIONS | undefined;
  readonly json: boolean;
}

/** @returns the exit code */
export async function list({ what, json }: ListArguments): Promise<number> {
  if (what === OBSERVATIONS) return printObservations(json);
  const all = await readLists();
  const chosen = what === undefined ? all : { [what]: all[what] };
  process.stdout.write(json ? `${JSON.stringify(chosen, null, 2)}\n` : renderLists(chosen, paintFor(process.stdout)));
  return EXIT.passed;
}

function printObservations(json: boolean): number {
  const observations = listObservations(allBaselines(readBaselines(undefined)));
  const text = json
    ? JSON.stringify({ observations }, null, 2)
    : renderObservations(observations, paintFor(process.stdout));
  process.stdout.write(`${text}\n`);
  return EXIT.passed;
}

function renderObservations(observations: readonly ListedObservation[], paint: Paint): string {
  const skus = [...new Set(observations.flatMap((observation) => observation.skus.map(({ sku }) => sku)))];
  const lines = observations.map(({ clause, name, skus: known }) => {
    const answers = new Set(known.map(({ values }) => describeValues(values)));
    const isShared = answers.size === 1 && known.length === skus.length;
    const each = known.map(({ sku, values }) => `${sku} ${describeValues(values)}`);
    return `  ${clause.padEnd(6)} ${name}: ${paint('strong', isShared ? [...answers].join('') : each.join(', '))}`;
  });
  return [paint('strong', `observations (${observations.length}) of ${skus.join(', ')}`), ...lines].join('\n');
}

interface Listed {
  readonly name: string;
  /** Further cells of its line. */
  readonly text: string;
}

type Lists = Readonly<Record<ListName, readonly object[]>>;

async function readLists(): Promise<Lists> {
  const scenarios = await indexScenarios(findScenarioFiles([]));
  return {
    scenarios: scenarios.map(({ id, title, clauses, needs }) => ({ id, title, clauses, needs })),
    clauses: allClauses,
    rules: [
      ...allRules.map(({ id, clause, says }) => ({ id, clause, says })),
      ...allRelations.map(({ id, clause, says, differs }) => ({ id, clause, says, differs })),
    ],
    defects: readVirtualCatalogue().defects,
    skus: readSkus().map((sku) => Object.assign({ name: sku.sku }, sku)),
  };
}

function renderLists(lists: Partial<Lists>, paint: Paint): string {
  const sections = Object.entries(lists).map(([title, entries]) => {
    const lines = entries.map(describe);
    const width = Math.min(44, Math.max(0, ...lines.map(({ name }) => name.length)));
    return [
      paint('strong', `${title} (${entries.length})`),
      ...lines.map(({ name, text }) => `  ${name.padEnd(width)}  ${paint('faint', text)}`),
    ].join('\n');
  });
  return `${sections.join('\n\n')}\n`;
}

function describe(entry: object): Listed {
  const known = Object.entries(entry).filter(([, value]) => value !== undefined);
  const cells = new Map(known.map(([key, value]) => [key, String(value)]));
  const name = cells.get('id') ?? cells.get('name') ?? '';
  const texts = ['title', 'says', 'differs', 'gloss', 'revision', 'clause', 'clauses', 'source'].map((key) =>
    cells.get(key),
  );
  const needs = cells.get('needs');
  if (needs !== undefined) texts.push(`needs ${needs}`);
  return { name, text: texts.filter((text) => text !== undefined && text !== '').join(' · ') };
}
