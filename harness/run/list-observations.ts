import type { ObservedValue } from '../report/run-record.ts';
import type { NamedBaseline } from './baseline.ts';

/** A characterised value, with what each SKU is known to answer. */
export interface ListedObservation {
  readonly clause: string;
  readonly name: string;
  readonly skus: readonly {
    readonly sku: string;
    readonly revision: string;
    readonly values: readonly ObservedValue[];
  }[];
}

/** What the baselines say, value by value, by clause and name. */
export function listObservations(baselines: readonly NamedBaseline[]): readonly ListedObservation[] {
  const listed = new Map<string, { clause: string; name: string; skus: ListedObservation['skus'][number][] }>();
  for (const { baseline } of baselines) {
    const { sku, revision } = baseline;
    for (const { clause, name, values } of baseline.observations) {
      const entry = listed.get(`${clause} ${name}`) ?? { clause, name, skus: [] };
      entry.skus.push({ sku, revision, values });
      listed.set(`${clause} ${name}`, entry);
    }
  }
  return [...listed.values()].toSorted((a, b) => byNumber(a.clause, b.clause) || (a.name < b.name ? -1 : 1));
}

/** `D-7` before `D-12`. */
function byNumber(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
