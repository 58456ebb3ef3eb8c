import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as v from 'valibot';
import { KINDS } from './find-mutations.ts';
import { GENERATIONS } from './mutant.ts';

export const SCHEMA = 'qlhil-mutants/1';

/** Line 1 of a results file: what its results are of. `client` is a digest of the source. */
const headerSchema = v.strictObject({ schema: v.literal(SCHEMA), seed: v.number(), client: v.string() });
export type ResultsHeader = v.InferOutput<typeof headerSchema>;

/** What killed a mutant: `by` the scenarios of its area, or, when those said nothing, by the whole suite. */
const killSchema = v.strictObject({
  sdk: v.picklist(GENERATIONS),
  by: v.picklist(['area', 'suite']),
  scenario: v.string(),
  rule: v.string(),
  clause: v.string(),
  kind: v.string(),
});
export type Kill = v.InferOutput<typeof killSchema>;

/** `pending`: not all scenarios have been asked. `uncompiled` and `same` (to the compiler) are drawn, but are no mutants. */
const VERDICTS = ['killed', 'unstarted', 'survived', 'pending', 'undecided', 'uncompiled', 'same'] as const;

const resultSchema = v.strictObject({
  id: v.string(),
  kind: v.picklist(KINDS),
  file: v.string(),
  line: v.number(),
  before: v.string(),
  after: v.string(),
  verdict: v.picklist(VERDICTS),
  kill: v.optional(killSchema),
  /** What has been asked of a pending one. */
  asked: v.optional(v.literal('area')),
  /** Why there is no verdict. */
  why: v.optional(v.string()),
});
export type MutantResult = Readonly<v.InferOutput<typeof resultSchema>>;

/** Results on the disk, one line each, there before the next mutant is tried. */
export class ResultsFile {
  readonly #path: string;
  readonly #results: Map<string, MutantResult>;

  /** Goes on where the file ends. @throws Error — the file is of another seed or source */
  static open(path: string, header: ResultsHeader): ResultsFile {
    if (!existsSync(path)) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, `${JSON.stringify(header)}\n`);
    }
    const { header: found, results } = readResults(path);
    if (found.seed === header.seed && found.client === header.client) return new ResultsFile(path, results);
    throw new Error(
      `${path} is of seed ${found.seed} and source ${found.client}, not of ${header.seed} and ${header.client}: ` +
        'name another file with --results, or remove that one',
    );
  }

  private constructor(path: string, results: readonly MutantResult[]) {
    this.#path = path;
    this.#results = new Map(results.map((result) => [result.id, result]));
  }

  find(id: string): MutantResult | undefined {
    return this.#results.get(id);
  }

  add(result: MutantResult): void {
    appendFileSync(this.#path, `${JSON.stringify(result)}\n`);
    this.#results.set(result.id, result);
  }
}

/** The newest result of each mutant, in the order in which they were drawn. */
export function readResults(path: string): {
  readonly header: ResultsHeader;
  readonly results: readonly MutantResult[];
} {
  const [first = '{}', ...lines] = readFileSync(path, 'utf8').trim().split('\n');
  const header = v.parse(headerSchema, JSON.parse(first));
  const all = lines.map((line) => v.parse(resultSchema, JSON.parse(line)));
  return { header, results: [...new Map(all.map((result) => [result.id, result])).values()] };
}

/** Whether it counts among the mutants that were tried. */
export function isMutant({ verdict }: MutantResult): boolean {
  return verdict !== 'uncompiled' && verdict !== 'same';
}
