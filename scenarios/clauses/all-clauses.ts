import { always } from './always.ts';
import type { Clause, ClauseKind, Clauses } from './clause.ts';
import { inferred } from './inferred.ts';
import { manual } from './manual.ts';
import { mqtt } from './mqtt.ts';
import { silences } from './silences.ts';
import { tls } from './tls.ts';

const byId = new Map<string, Clause>(
  [manual, inferred, silences, mqtt, tls, always].flatMap((part: Clauses) =>
    Object.entries(part).map(([id, clause]): [string, Clause] => [id, { id, reach: 'virtual', ...clause }]),
  ),
);

/** Every clause, in the order of its source. */
export const allClauses: readonly Clause[] = [...byId.values()];

/** The clause of that id. An aspect of a silence, e.g. `D-8.connack`, is found under the silence. */
export function findClause(id: string): Clause | undefined {
  return byId.get(id) ?? (id.startsWith('D-') ? byId.get(id.replace(/\..*$/, '')) : undefined);
}

/** How binding a clause is; the judge asks. */
export function clauseKind(id: string): ClauseKind | undefined {
  return findClause(id)?.kind;
}
