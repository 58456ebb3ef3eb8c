import { HarnessError } from '../errors.ts';
import type { IndexedScenario } from './scenario-index.ts';

export type Profile = 'smoke' | 'full';

export interface Selection {
  /** `smoke` is the first scenario of each area that any module can run. */
  readonly profile: Profile;
  /** Pattern that the id or the title must match. */
  readonly grep?: string | undefined;
  /** A scenario must cite one of these; `M-4` stands for `M-4.…` too. */
  readonly clauses: readonly string[];
  /** The `index`-th of `count` parts, from 1. */
  readonly shard?: { readonly index: number; readonly count: number } | undefined;
}

/** @throws HarnessError CONFIGURATION — the pattern is none, or a clause is cited by no scenario */
export function selectScenarios(all: readonly IndexedScenario[], selection: Selection): readonly IndexedScenario[] {
  const { shard } = selection;
  const pattern = selection.grep === undefined ? undefined : readPattern(selection.grep);
  for (const clause of selection.clauses) checkClause(clause, all);
  const candidates =
    selection.profile === 'smoke' ? firstOfEachArea(all.filter(({ needs }) => needs.length === 0)) : all;
  return candidates
    .filter(({ id, title }) => pattern === undefined || pattern.test(id) || pattern.test(title))
    .filter(
      ({ clauses }) => selection.clauses.length === 0 || clauses.some((cited) => isAsked(cited, selection.clauses)),
    )
    .filter((_, position) => shard === undefined || position % shard.count === shard.index - 1);
}

function firstOfEachArea(all: readonly IndexedScenario[]): readonly IndexedScenario[] {
  return all.filter(({ id }, position) => all.findIndex((other) => areaOf(other.id) === areaOf(id)) === position);
}

function areaOf(id: string): string {
  return id.slice(0, id.indexOf('/'));
}

function isAsked(cited: string, asked: readonly string[]): boolean {
  return asked.some((clause) => cited === clause || cited.startsWith(`${clause}.`));
}

function checkClause(clause: string, all: readonly IndexedScenario[]): void {
  if (all.some(({ clauses }) => clauses.some((cited) => isAsked(cited, [clause])))) return;
  const message = `no scenario cites clause '${clause}'; \`qlhil list clauses\` names them`;
  throw new HarnessError('CONFIGURATION', message, { subject: clause });
}

/** A pattern of the command line; case counts for nothing. @throws HarnessError CONFIGURATION — it is none */
export function readPattern(grep: string): RegExp {
  try {
    return new RegExp(grep, 'iu');
  } catch (thrown) {
    const message = `--grep '${grep}' is no regular expression`;
    throw new HarnessError('CONFIGURATION', message, { subject: grep }, { cause: thrown });
  }
}
