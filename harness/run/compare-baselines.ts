import type { ObservedValue } from '../report/run-record.ts';
import type { Baseline } from './baseline.ts';

type Accepted = Baseline['observations'][number];
type Known = Baseline['known'][number];
type Deviation = Baseline['deviations'][number];

/** What accepting a baseline in the place of another changes. */
export interface BaselineDifference {
  readonly changed: readonly {
    readonly clause: string;
    readonly name: string;
    readonly old: readonly ObservedValue[];
    readonly new: readonly ObservedValue[];
  }[];
  readonly observations: Difference<Accepted>;
  readonly known: Difference<Known>;
  readonly deviations: Difference<Deviation>;
}

interface Difference<T> {
  readonly added: readonly T[];
  readonly gone: readonly T[];
}

export function compareBaselines(old: Baseline | undefined, fresh: Baseline): BaselineDifference {
  const before = new Map((old?.observations ?? []).map((accepted) => [nameOf(accepted), accepted]));
  const changed = fresh.observations.flatMap((accepted) => {
    const known = before.get(nameOf(accepted));
    if (known === undefined || isSameSet(known.values, accepted.values)) return [];
    return [{ clause: accepted.clause, name: accepted.name, old: known.values, new: accepted.values }];
  });
  return {
    changed,
    observations: differenceOf(old?.observations ?? [], fresh.observations, nameOf),
    known: differenceOf(old?.known ?? [], fresh.known, findingOf),
    deviations: differenceOf(old?.deviations ?? [], fresh.deviations, findingOf),
  };
}

function differenceOf<T>(old: readonly T[], fresh: readonly T[], keyOf: (item: T) => string): Difference<T> {
  const [before, now] = [new Set(old.map(keyOf)), new Set(fresh.map(keyOf))];
  return {
    added: fresh.filter((item) => !before.has(keyOf(item))),
    gone: old.filter((item) => !now.has(keyOf(item))),
  };
}

function nameOf({ clause, name }: Accepted): string {
  return `${clause} ${name}`;
}

function findingOf({ rule, clause, scenario = '' }: Known | Deviation): string {
  return `${rule} ${clause} ${scenario}`;
}

function isSameSet(one: readonly ObservedValue[], other: readonly ObservedValue[]): boolean {
  return one.length === other.length && one.every((value) => other.includes(value));
}
